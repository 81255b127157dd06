import RoostModel

/// `UseRubyVersion@0`: puts a Ruby on PATH and names its folder in `rubyLocation`.
struct UseRubyTask: TaskHandler {
    static let reference = TaskReference(
        id: "630c472c-cde7-4cd8-ba13-e00ca5ff180b",
        name: "UseRubyVersion",
        version: "0.142.1"
    )
    let title = "Use Ruby version"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let search = ToolSearch(
            title: "Ruby",
            cacheName: "Ruby",
            program: "ruby",
            question: ["--version"],
            prefix: "ruby",
            folders: ["~/.rbenv/versions/*/bin", "~/.rubies/*/bin", "/opt/rubies/*/bin"],
            input: "versionSpec"
        )
        let wanted = work.input("versionSpec") ?? ">= 2.4"
        let found = try await search.best(wanted, architecture: ToolCache.architecture, work)
        work.output.writeLine("Ruby \(found.version) in \(found.binaries)")
        work.command("##vso[task.setvariable variable=rubyLocation;isOutput=true]\(found.binaries)")
        if work.flag("addToPath", default: true) { work.prepend(found, program: "ruby") }
        return .succeeded
    }
}
