import ArgumentParser
import Foundation
import RoostLookup
import RoostTemplate

/// Which other servers may be asked while an image template is read; without these flags none is.
struct LookupOptions: ParsableArguments {
    @Flag(
        name: [.long, .customLong("lookups", withSingleDash: true)],
        help: "Ask Vault, Consul and AWS Secrets Manager for what defaults of variables name; else it is unknown."
    )
    var lookups = false

    @Flag(
        name: [
            .customLong("evaluate-datasources"), .customLong("evaluate-datasources", withSingleDash: true),
        ],
        help: "Evaluate the data sources http and null; else what they give is unknown."
    )
    var evaluatesDataSources = false

    /// Reads a template, asks for what may be asked for, and reads again with the answers until all are known.
    func settled<Reading: Sendable>(
        _ input: ImageTemplateInput,
        _ read: (ImageTemplateInput) -> Reading
    ) async -> Reading {
        var input = input
        input.evaluatesDataSources = evaluatesDataSources
        var permission: LookupService.Permission = []
        if lookups { permission.insert(.secrets) }
        if evaluatesDataSources { permission.insert(.dataSources) }
        let environment = LookupEnvironment(
            variables: input.environment,
            homeFolder: NSHomeDirectory(),
            userAgent: "roost/\(Roost.version)"
        )
        let service = LookupService(environment, allowing: permission)
        return await TemplateLookups.settled(get: service.answers) { lookups in
            var known = input
            known.lookups = lookups
            return read(known)
        }
    }
}
