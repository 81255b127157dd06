import ArgumentParser
import RoostClient
import RoostWire

struct TrustPolicy: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Show or change what holds for enrolments in every pool.",
        discussion: """
            A single pool is closed to personal tokens with 'roost pool update POOL --pat-enrollment refused'.

            Example:
              roost trust policy --pat-enrollment refused
            """
    )

    @Option(help: ArgumentHelp("Whether personal tokens may register agents.", valueName: "allowed|refused"))
    var patEnrollment: PersonalTokenChoice?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let policy: EnrollmentPolicyWire
        if let patEnrollment {
            let wanted = EnrollmentPolicyWire(patEnrollment: patEnrollment.rawValue)
            policy = try await server.client.updateEnrollmentPolicy(wanted)
        } else {
            policy = try await server.client.enrollmentPolicy()
        }
        try output.print(policy) { _ in
            policy.patEnrollment == PersonalTokenChoice.refused.rawValue
                ? "Personal tokens register no agents, in any pool."
                : "Personal tokens may register agents, where the pool does not refuse it."
        }
    }
}
