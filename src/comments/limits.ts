/** What a visitor's comment may be. Without imports, so that a form in the browser can say it too. */
export const longestComment = 3000
export const longestName = 80
export const editMinutes = 10
export const longestAppeal = 3000
export const longestReport = 1000
