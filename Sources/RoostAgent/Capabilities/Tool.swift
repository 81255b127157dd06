/// A program whose presence is a capability.
struct Tool: Hashable, Sendable {
    /// The capability; its value is the program's path.
    var capability: String
    /// The first of these that is found counts.
    var programs: [String]
    /// How the program is asked for its version; nil when it has no harmless way.
    var versionArguments: [String]?

    /// The second capability, with the version: `git.Version`.
    var versionCapability: String { "\(capability).Version" }

    init(_ capability: String, _ programs: String..., version: [String]? = ["--version"]) {
        self.capability = capability
        self.programs = programs
        versionArguments = version
    }

    /// The tools Azure Pipelines' agent looks for on Linux, and after them some that jobs ask for as often.
    static let all: [Tool] = [
        Tool("AndroidSDK", "android", version: nil),
        Tool("ant", "ant", version: ["-version"]),
        Tool("AzureGuestAgent", "waagent", version: nil),
        Tool("bundler", "bundle"),
        Tool("clang", "clang"),
        Tool("cmake", "cmake"),
        Tool("curl", "curl"),
        Tool("docker", "docker"),
        Tool("dotnet", "dotnet"),
        Tool("git", "git"),
        Tool("gulp", "gulp"),
        Tool("java", "java", version: ["-version"]),
        Tool("JDK", "javac", version: ["-version"]),
        Tool("make", "make"),
        Tool("maven", "mvn"),
        Tool("MSBuild", "msbuild", "xbuild", version: ["-version"]),
        Tool("node.js", "node", "nodejs"),
        Tool("npm", "npm"),
        Tool("python", "python"),
        Tool("python3", "python3"),
        Tool("rake", "rake"),
        Tool("ruby", "ruby"),
        Tool("sh", "sh", version: nil),
        Tool("subversion", "svn"),
        Tool("svn", "svn"),
        Tool("bash", "bash"),
        Tool("gcc", "gcc"),
        Tool("go", "go", version: ["version"]),
        Tool("kubectl", "kubectl", version: ["version", "--client"]),
        Tool("podman", "podman"),
        Tool("pwsh", "pwsh"),
        Tool("rust", "rustc"),
        Tool("swift", "swift"),
    ]

    /// Names of all programs, for the watch.
    static let programs = Set(all.flatMap(\.programs))
}
