import Glibc

/// Puts the walls of a job up before its first step.
struct IsolatedJob: Sendable {
    let settings: WorkerSettings
    let order: JobOrder

    /// Isolates the job as the agent is configured to.
    ///
    /// - Parameter job: the folder of its pipeline.
    /// - Returns: a line for the log; nil when there is nothing to say.
    /// - Throws: ``WallFailure`` when the job must not run like this.
    func begin(in job: JobFolders) throws(WallFailure) -> String? {
        guard let isolation = settings.isolation else { return nil }
        if isolation.hasOwnMachine { return "This job has a machine of its own, which is made anew after it." }
        guard isolation.isOn else {
            if isolation.mode == .always { throw .notPossible(isolation.reason) }
            return JobIsolation.warning(isolation.reason)
        }
        // From here on no job begins without walls: another job could have brought it about that they fail.
        if order.needsContainers { throw .containers }
        guard let walls = settings.walls else { throw settings.wallFailure ?? .notPossible("its worker has no walls") }
        try stand(walls, job, isolation.hides)
        return "This job is isolated: it sees its own processes, its own folders and a /tmp of its own."
    }

    private func stand(_ walls: JobWalls, _ job: JobFolders, _ hides: [String]) throws(WallFailure) {
        let folders = settings.folders
        try makeTemporary(folders.temp)
        // They are there before, so that no job can make something else under their names.
        for folder in [job.build, folders.tasks, folders.containers, FetchRates.folder(folders.mirrors)] {
            try make(folder)
        }
        let facts = WallFacts(settings, job, order, hides: hides)
        for mirror in facts.mirrors { try make(mirror) }
        try walls.stand(job: planWalls(facts), worker: planWorkerWalls(facts))
    }

    /// Folders that everybody may write to, as programs expect of them; those for sockets of X are made by root otherwise.
    private func makeTemporary(_ temp: String) throws(WallFailure) {
        for place in PrivateTemporary.places {
            let folder = "\(temp)/\(place.name)"
            for path in [folder, "\(folder)/.X11-unix", "\(folder)/.ICE-unix"] {
                try make(path)
                chmod(path, 0o1777)
            }
        }
    }

    private func make(_ path: String) throws(WallFailure) {
        let error = FileTree.make(path)
        if error != 0 { throw .notChanged(path: path, error: error) }
    }
}
