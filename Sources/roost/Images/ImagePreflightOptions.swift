import ArgumentParser
import Foundation
import RoostImages
import RoostLanguage
import RoostLookup
import RoostTemplate

/// How one looks before a build for what it would miss.
struct ImagePreflightOptions: ParsableArguments {
    @Flag(help: "Make what is missing and may be made: groups, galleries, image definitions, networks, subnets.")
    var createMissing = false

    @Option(
        help: "How long answers are waited for: 2s, 1m or a number of seconds; by default 2s, and 20s before a build."
    )
    var within: TimeLimit?

    /// Looks, makes what is missing when that is wanted, and looks again.
    func run(
        _ plan: ImagePlan,
        _ settings: PreflightSettings,
        _ connection: ConnectionOptions,
        patience: Duration = .seconds(2),
        say: (String) -> Void
    ) async throws -> (report: PreflightReport, made: [PreflightDraft], failures: [Diagnostic]) {
        let plan = try plan.withAccount(of: settings.environment)
        let azure = try AzureFacts(
            LookupEnvironment(
                variables: settings.environment,
                homeFolder: NSHomeDirectory(),
                userAgent: "roost/\(Roost.version)"
            )
        )
        let gallery = ServerGalleryFacts(connection)
        let preflight = Preflight(
            plan,
            settings,
            sources: [MachineFacts(environment: settings.environment), azure, gallery],
            budget: within?.duration ?? patience
        )
        let result = await preflight.run(makers: createMissing ? [AzureMaker(azure), gallery] : [], say: say)
        await azure.close()
        await gallery.close()
        return result
    }
}
