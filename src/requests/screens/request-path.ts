import type { RequestId } from '../../storage/ids.ts'

export const requestPath = (id: RequestId) => `/console/requests/${id}`
