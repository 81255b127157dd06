public import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// Open sign-ins; nil is the caller's, or everybody's for an administrator.
    public func signIns(of user: String? = nil) async throws(ClientError) -> [SignInWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/signins", query: user.map { [("user", $0)] } ?? []),
            as: WireList<SignInWire>.self
        ).value
    }

    public func endSignIn(_ id: UUID) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "_apis/roost/signins/\(id.uuidString.lowercased())"))
    }

    /// Ends all of a person but the one of the caller; nil is the caller.
    public func endOtherSignIns(of user: String? = nil) async throws(ClientError) -> Int {
        try await call(
            Call(method: "DELETE", path: "_apis/roost/signins", query: user.map { [("user", $0)] } ?? []),
            as: EndedSignInsWire.self
        ).count
    }

    public func users() async throws(ClientError) -> [UserWire] {
        try await call(Call(method: "GET", path: "_apis/roost/users"), as: WireList<UserWire>.self).value
    }

    public func user(_ name: String) async throws(ClientError) -> UserWire {
        try await call(Call(method: "GET", path: Self.path(ofUser: name)))
    }

    public func setUser(_ name: String, isEnabled: Bool) async throws(ClientError) -> UserWire {
        let body = try Self.body(UserWire(isEnabled: isEnabled))
        return try await call(Call(method: "PATCH", path: Self.path(ofUser: name), body: body))
    }

    private static func path(ofUser name: String) -> String { "_apis/roost/users/\(escape(name))" }
}
