import RoostContent

/// Finds the files and folders of a folder that patterns fit.
struct FoundFiles {
    /// What the patterns are relative to.
    let root: String
    let patterns: PatternList
    let work: StepWork

    /// - Parameters:
    ///   - root: an absolute path.
    ///   - text: patterns, one a line.
    ///   - options: how they are read.
    ///   - work: the step, whose end ends the search.
    /// - Throws: a fault of the patterns.
    init(_ root: String, _ text: String, options: PatternOptions, _ work: StepWork) throws {
        self.root = root
        self.work = work
        patterns = try PatternList(text, options: options)
    }

    /// All that fits below the root, in the order of the walk.
    func collect(followingLinks: Bool, where isWanted: (FolderWalk.Item) -> Bool) throws -> [FolderWalk.Item] {
        var found: [FolderWalk.Item] = []
        try FolderWalk(followsLinks: followingLinks).visit(root) { item in
            if work.stop.reason != nil { throw StepStopped() }
            guard !item.path.isEmpty, isWanted(item), patterns.matches(item.path, below: root) else { return }
            found.append(item)
        }
        return found
    }
}
