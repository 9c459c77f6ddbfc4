/** The kinds of files that the console shows in the browser. All others are only saved, whatever they say they are. */
export const shownTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']
