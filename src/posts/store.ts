import type { ColumnType, Generated } from 'kysely'
import type { PageId, PersonId, PostId } from '../storage/ids.ts'

interface PostTable {
  id: PostId
  author: PersonId
  text: Generated<string>
  link: string | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
}
interface ImageTable {
  id: string
  post: PostId
  blob: string
  media_type: string
  bytes: number
  width: number
  height: number
  alt: Generated<string>
  position: number
}
export interface VersionImage {
  blob: string
  media_type: string
  bytes: number
  width: number
  height: number
  alt: string
}
interface VersionTable {
  post: PostId
  version: number
  text: string
  link: string | null
  pages: PageId[]
  images: ColumnType<VersionImage[], string, never>
  saved_by: PersonId
  saved_at: Date
}
interface VerdictTable {
  id: string
  post: PostId
  version: number
  author: PersonId
  at: Date
}
interface ScheduleTable extends VerdictTable {
  set_at: Date
  cancelled_at: Date | null
  done_at: Date | null
  refused_because: string | null
}
interface PublicationTable {
  id: string
  post: PostId
  page: PageId
  version: number
  client_id: string
  ordered_by: PersonId
  intent_at: Date
  attempted_at: Date | null
  done_at: Date | null
  remote_id: string | null
  remote_version: string | null
  url: string | null
  trouble: string | null
  retry_at: Date | null
  refused_at: Date | null
  refused_because: string | null
  gone_at: Date | null
}
interface EditTable {
  id: string
  publication: string
  version: number
  ordered_by: PersonId
  intent_at: Date
  attempted_at: Date | null
  done_at: Date | null
  trouble: string | null
  retry_at: Date | null
  refused_at: Date | null
  refused_because: string | null
}
interface PublicationDeletionTable {
  id: string
  publication: string
  intent_at: Date
  attempted_at: Date | null
  done_at: Date | null
  trouble: string | null
  retry_at: Date | null
  refused_at: Date | null
  refused_because: string | null
}

/** Where the newest version of a post stands. */
export type PostState =
  | 'draft'
  | 'submitted'
  | 'returned'
  | 'approved'
  | 'scheduled'
  | 'publishing'
  | 'published'
  | 'refused'
  | 'deleted'

declare module '../storage/database.ts' {
  interface Tables {
    post: PostTable
    post_page: { post: PostId; page: PageId }
    post_image: ImageTable
    post_editor: { post: PostId; person: PersonId }
    post_version: VersionTable
    submission: VerdictTable
    approval: VerdictTable
    post_return: VerdictTable & { comments: string }
    schedule: ScheduleTable
    publication: PublicationTable
    post_edit: EditTable
    post_deletion: { post: PostId; ordered_by: PersonId; reason: string; ordered_at: Date }
    publication_deletion: PublicationDeletionTable
    post_state: { post: PostId; state: PostState }
  }
}
