import Foundation

/// A base out of Debian's packages, through Debian's program mmdebstrap.
struct DebianBootstrap {
    let build: RootfsBuild
    let settings: RootfsSettings.Bootstrap

    /// Fills a folder.
    func fill(_ tree: String) async throws {
        build.context.say(.step("Bootstrapping \(settings.suite) with mmdebstrap"))
        var arguments = ["--mode=root", "--format=directory", "--variant=\(settings.variant)", "--quiet"]
        if !settings.packages.isEmpty { arguments.append("--include=\(settings.packages.joined(separator: ","))") }
        arguments += ["--", settings.suite, tree] + (settings.mirror.map { [$0] } ?? [])
        try await MachineTool("mmdebstrap", arguments, hostNetwork: true).run(in: build.cache.folder)
    }
}
