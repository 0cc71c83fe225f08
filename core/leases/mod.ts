export {
  createLeases,
  type LeasableSecret,
  type LeaseHolder,
  type LeasePorts,
  Leases,
  type Materialized,
} from "./leases.ts";
