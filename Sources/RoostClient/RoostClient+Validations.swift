public import RoostWire

extension RoostClient {
    /// Steps of a run that wait for a person.
    public func validations(ofRun run: Int) async throws(ClientError) -> [ValidationWire] {
        let path = "_apis/roost/runs/\(run)/validations"
        return try await call(Call(method: "GET", path: path), as: WireList<ValidationWire>.self).value
    }

    /// Resumes or rejects a step that waits for a person.
    public func answerValidation(
        ofRun run: Int,
        _ answer: ValidationAnswerWire
    ) async throws(ClientError) -> ValidationWire {
        let path = "_apis/roost/runs/\(run)/validations"
        return try await call(Call(method: "PATCH", path: path, body: try Self.body(answer)))
    }
}
