/**
 * Fakes of the ports, and the contract suites that every implementation of a port passes, the fakes included.
 *
 * @module
 */
export {
  clockContract,
  type ContractCase,
  digestContract,
  idsContract,
  storageContract,
  type StorageUnderTest,
  workspaceContract,
  type WorkspaceUnderTest,
} from "./contracts.ts";
export { countingIds, FakeHttpClient, FakeProcesses, FakeResolver } from "./fakes.ts";
export { ManualClock } from "./manual_clock.ts";
export { MemoryStorage } from "./memory_storage.ts";
export { MemoryWorkspace } from "./memory_workspace.ts";
