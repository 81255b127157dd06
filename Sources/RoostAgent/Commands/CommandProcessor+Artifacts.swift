import RoostModel

extension CommandProcessor {
    /// Carries out `artifact.upload artifactname=NAME;containerfolder=FOLDER` with PATH as data: adds files to an artifact of the older form.
    func uploadArtifact(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let name = command["artifactname"] else { throw Refusal("the property 'artifactname' is missing") }
        guard !command.data.isEmpty else { throw Refusal("the path is missing") }
        let base = surroundings.variables["System.DefaultWorkingDirectory"] ?? ""
        let path = command.data.hasPrefix("/") ? command.data : "\(base)/\(command.data)"
        guard FileTree.exists(path) else { throw Refusal("Path does not exist: \(path)") }
        surroundings.progress.add(.uploadArtifact(path: path.withoutSlashAtEnd, name: name))
        return []
    }

    /// Carries out `artifact.associate artifactname=NAME;artifacttype=TYPE` with a LOCATION as data: remembers files that are elsewhere.
    func associateArtifact(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let name = command["artifactname"] else { throw Refusal("the property 'artifactname' is missing") }
        guard !command.data.isEmpty else { throw Refusal("the location is missing") }
        guard let type = command["artifacttype"] ?? command["type"] ?? Self.artifactType(of: command.data) else {
            throw Refusal("the property 'artifacttype' is missing, and '\(command.data)' does not tell it")
        }
        let own: Set = ["artifactname", "artifacttype", "type"]
        let properties = command.properties.filter { !own.contains($0.key) }
        surroundings.progress.add(
            .associateArtifact(name: name, type: type, location: command.data, properties: properties)
        )
        return []
    }

    /// As Azure Pipelines' agent guesses it.
    private static func artifactType(of location: String) -> String? {
        if location.hasPrefix("\\\\") { return "FilePath" }
        if location.hasPrefix("$/") { return "VersionControl" }
        return location.hasPrefix("#") ? "Container" : nil
    }
}
