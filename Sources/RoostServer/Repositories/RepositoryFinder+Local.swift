import FoundationEssentials
import RoostModel

extension RepositoryFinder {
    /// For a run without a server: the map's and the names' rules, and folders that whoever runs it gives.
    ///
    /// - Parameters:
    ///   - cache: a folder for mirrors of repositories of other machines, which stays.
    ///   - map: the file that says where repositories are; nil when there is none.
    ///   - folders: by alias, folders that stand for repositories as they are.
    ///   - fetchTimeout: a fetch that takes longer is ended.
    /// - Returns: a finder.
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` for a map that cannot be used.
    public static func withoutServer(
        cache: String,
        map: String?,
        folders: [String: String],
        fetchTimeout: Duration = .seconds(300)
    ) throws(ControlError) -> RepositoryFinder {
        let known = try readMap(map)
        return RepositoryFinder(
            service: RepositoryService(dataFolder: cache, fetchTimeout: fetchTimeout),
            folders: Dictionary(folders.map { ($0.key.lowercased(), $0.value) }) { $1 },
            advice: { Self.localAdvice($0) },
            locate: { repository throws(ControlError) in
                if let url = known.location(of: repository, project: "local", allowsPaths: true) { return url }
                throw .invalid(
                    what: "Repository '\(repository.alias)'",
                    problem:
                        "nothing says where '\(repository.name)' of type '\(repository.type.isEmpty ? "git" : repository.type)' is",
                    advice: Self.localAdvice(repository)
                )
            }
        )
    }

    private static func readMap(_ path: String?) throws(ControlError) -> RepositoryMap {
        guard let path else { return RepositoryMap() }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .invalid(
                what: "--repository-map",
                problem: "the file '\(path)' cannot be read",
                advice: "Give a file with one 'NAME = URL' in each line, or leave the flag out."
            )
        }
        return try RepositoryMap(text, file: path)
    }

    private static func localAdvice(_ repository: PlannedRepository) -> String {
        "Give the folder of a checkout of it, --repository \(repository.alias)=FOLDER, "
            + "or write '\(repository.name) = URL' into a file and give it with --repository-map."
    }
}
