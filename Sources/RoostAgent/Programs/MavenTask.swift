import RoostModel

/// `Maven@3` and `Maven@4`: builds with Maven and shows results of tests.
struct MavenTask: TaskHandler {
    static let reference = TaskReference(id: "ac4ee482-65da-4485-a532-7b085873e532", name: "Maven", version: "4.219.1")
    let title = "Maven"

    func run(_ work: StepWork) async throws -> TaskResult {
        let build = JavaBuild(work: work, system: "VSTS - maven")
        let pom = work.place(work.input("mavenPOMFile") ?? "pom.xml")
        guard FileTree.isFile(pom) else { throw TaskFailure.fileMissing(pom) }
        build.warnOfMissing([
            "codeCoverageToolOption", "codeCoverageTool", "sonarQubeRunAnalysis", "sqAnalysisEnabled",
            "checkStyleRunAnalysis", "pmdRunAnalysis", "findBugsRunAnalysis", "spotBugsRunAnalysis",
            "mavenAuthenticateFeed", "mavenFeedAuthenticate",
        ])
        var prepared = try await build.prepared("MAVEN_OPTS", work.input("mavenOptions", "mavenOpts") ?? "-Xmx1024m")
        let mvn = try maven(&prepared)
        let goals = work.input("goals").map(ArgumentLine.words) ?? ["package"]
        let arguments = ["-f", pom, "-B"] + work.words("options") + goals
        let result = try await prepared.carryOut(mvn, arguments, in: work.base)
        try build.publishResults("**/surefire-reports/TEST-*.xml")
        return result
    }

    private func maven(_ work: inout StepWork) throws -> String {
        guard work.input("mavenVersionOption", "mavenVersionSelection")?.lowercased() == "path" else {
            if let home = work.environment["M2_HOME"], let mvn = ExecutableSearch.find("\(home)/bin/mvn", path: nil) {
                return mvn
            }
            return try work.program("mvn", package: "maven")
        }
        guard let given = work.input("mavenDirectory", "mavenPath") else {
            throw TaskFailure.inputMissing("mavenDirectory")
        }
        let home = work.place(given)
        guard let mvn = ExecutableSearch.find("\(home)/bin/mvn", path: nil) else {
            throw TaskFailure.fileMissing("\(home)/bin/mvn")
        }
        if work.flag("mavenSetM2Home") { work = work.adding(["M2_HOME": home]) }
        return mvn
    }
}
