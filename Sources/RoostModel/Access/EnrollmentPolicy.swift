/// Whether agents may be registered with personal access tokens.
///
/// Refusing it leaves the agents that are there alone, for they sign in with keys of their own.
public enum PATEnrollment: String, Hashable, Sendable, Codable, CaseIterable {
    case allowed, refused
}

/// What holds for enrolments in every pool of the organization.
public struct EnrollmentPolicy: Hashable, Sendable, Codable {
    public var patEnrollment: PATEnrollment

    public init(patEnrollment: PATEnrollment = .allowed) { self.patEnrollment = patEnrollment }
}
