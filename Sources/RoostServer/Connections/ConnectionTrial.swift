import FoundationEssentials
import RoostModel

/// Tries whether a connection lets this server in.
struct ConnectionTrial: Sendable {
    let plane: ControlPlane
    let connection: TaskConnection
    /// Of the connection, opened.
    let parameters: [String: String]

    private struct Problem: Decodable {
        struct Inner: Decodable { var message: String? }
        var error: Inner?
    }

    func run() async throws(ConnectionFailure) {
        guard connection.isCloud else { throw failure(.notVerifiable(type: connection.type)) }
        let resource = connection.taskData[ignoringCase: Cloud.Field.audience] ?? ""
        let signIn = ConnectionSignIn(plane: plane, connection: connection, parameters: parameters)
        let token = try await signIn.token(scope: "\(resource)/.default")
        guard let subscription = connection.data[ignoringCase: "subscriptionId"] else { return }
        let base = connection.taskData[ignoringCase: Cloud.Field.resourceManager] ?? ""
        let url = "\(TaskConnection.withoutSlash(base))/subscriptions/\(PercentCoding.encode(subscription))"
        let answer: OutsideHTTP.Answer
        do throws(OutsideHTTP.Unreachable) {
            let headers = [("Authorization", "Bearer \(token.exposed)")]
            answer = try await OutsideHTTP.send("GET", "\(url)?api-version=2020-01-01", headers: headers)
        } catch { throw failure(.unreachable(error.reason)) }
        guard answer.status == 200 else {
            let message = (try? JSONDecoder().decode(Problem.self, from: answer.body))?.error?.message ?? ""
            throw failure(.refused(url: url, status: answer.status, message: String(message.prefix(300))))
        }
    }

    private func failure(_ reason: ConnectionFailure.Reason) -> ConnectionFailure {
        ConnectionFailure(connection: connection.name, kind: connection.kind, reason: reason)
    }
}
