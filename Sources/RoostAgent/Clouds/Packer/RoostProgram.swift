import RoostModel

/// The program `roost`, which builds images for tasks.
enum RoostProgram {
    /// Finds it in the agent's `externals`, beside the agent's own program, or on PATH.
    ///
    /// Walls around a job hide the folder of the agent's program, and show `externals`.
    ///
    /// - Throws: ``PackerTaskFailure/noRoost(_:)``.
    static func find(_ work: StepWork) throws -> String {
        let own = FileTree.resolved("/proc/self/exe")
        let beside = own.map { "\($0.folderPart)/roost" }
        let places = ["\(work.settings.folders.externals)/roost"] + [beside].compactMap(\.self)
        for place in places where ExecutableSearch.isExecutable(place) { return place }
        if let found = ExecutableSearch.find("roost", path: work.environment["PATH"]) { return found }
        throw PackerTaskFailure.noRoost(places[0])
    }
}
