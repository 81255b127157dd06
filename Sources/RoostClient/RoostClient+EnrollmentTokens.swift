public import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// Makes a token with which machines join a pool.
    public func createEnrollmentToken(
        pool: Int,
        _ wanted: EnrollmentTokenWire
    ) async throws(ClientError) -> EnrollmentTokenWire {
        try await call(
            Call(method: "POST", path: "_apis/roost/pools/\(pool)/enrollmenttokens", body: try Self.body(wanted))
        )
    }

    public func enrollmentTokens(pool: Int) async throws(ClientError) -> [EnrollmentTokenWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/pools/\(pool)/enrollmenttokens"),
            as: WireList<EnrollmentTokenWire>.self
        ).value
    }

    public func revokeEnrollmentToken(pool: Int, id: UUID) async throws(ClientError) {
        let path = "_apis/roost/pools/\(pool)/enrollmenttokens/\(id.uuidString.lowercased())"
        try await callForNothing(Call(method: "DELETE", path: path))
    }
}
