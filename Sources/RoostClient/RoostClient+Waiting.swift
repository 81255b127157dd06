public import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// Where a job is and what it waits for, by the number of its request.
    public func why(jobRequest: Int) async throws(ClientError) -> JobWhyWire {
        try await call(Call(method: "GET", path: "_apis/roost/jobs/\(jobRequest)/why"))
    }

    /// Where a job is and what it waits for, by its id and its run's number.
    public func why(job: UUID, run: Int) async throws(ClientError) -> JobWhyWire {
        try await call(
            Call(method: "GET", path: "_apis/roost/runs/\(run)/jobs/\(job.uuidString.lowercased())/why")
        )
    }
}
