/// What an isolated job sees.
///
/// For an agent in `/opt/agent` and the pipeline of folder 3:
/// ```
/// show   /tmp            from /opt/agent/_work/_temp/.tmp
/// hide   /opt/agent
/// show   /opt/agent/_work
/// cover  /opt/agent/_work/1, /2, /SourceRootMapping, /_containers, /_upkeep
/// hide   /opt/agent/_work/_mirrors
/// show   /opt/agent/_work/_mirrors/widgets-0f3a…
/// show   /opt/agent/_work/3, /_temp, /_tool        on themselves, so that no link can take their place
/// ```
func planWalls(_ facts: WallFacts) -> [Wall] { WallPlan(facts: facts).job }

/// What the worker of an isolated job sees: the same, and the pages of the job's log.
///
/// It moves files between folders of the work folder, which therefore stay one mount.
func planWorkerWalls(_ facts: WallFacts) -> [Wall] { WallPlan(facts: facts).worker }

/// Folders for temporary files that a job has to itself.
enum PrivateTemporary {
    /// Where they stand for the job, and their names in the agent's folder for temporary files.
    static let places = [(path: "/tmp", name: ".tmp"), (path: "/var/tmp", name: ".var-tmp")]
}

private struct WallPlan {
    let facts: WallFacts

    private var folders: AgentFolders { facts.folders }

    var job: [Wall] { common + fixed }
    var worker: [Wall] { common + (facts.pages.map { [Wall(.show, $0)] } ?? []) }

    private var common: [Wall] {
        temporary + kept + covers + shownWork + hiddenWork + mirrors + readOnlyWork + shown + session
    }

    /// What something is mounted on cannot be renamed or removed.
    private var fixed: [Wall] {
        let tools = isWithin(folders.tools, [folders.work]) ? [folders.tools] : []
        return ([facts.build, folders.temp] + tools).map { Wall(.show, $0) }
    }

    private var temporary: [Wall] {
        PrivateTemporary.places.map { Wall(.show, $0.path, from: "\(folders.temp)/\($0.name)") }
    }

    /// Folders that are hidden as a whole; one in another needs nothing of its own.
    private var covered: [String] {
        let linked = isWithin(folders.work, [folders.root]) && facts.realWork != folders.work ? [facts.realWork] : []
        let all = Set([folders.root] + facts.hidden + linked).sorted()
        return all.filter { path in !all.contains { $0 != path && isWithin(path, [$0]) } }
    }

    private var covers: [Wall] { covered.map { Wall(.hide, $0) } }

    /// Whether a path is no longer seen by what is covered or replaced.
    private func isGone(_ path: String) -> Bool {
        isWithin(path, covered + PrivateTemporary.places.map(\.path))
    }

    private var shownWork: [Wall] { isGone(folders.work) ? [Wall(.show, folders.work)] : [] }

    /// Other pipelines' folders, and what belongs to all of them.
    private var hiddenWork: [Wall] {
        let own = facts.build.split(separator: "/").last.map(String.init) ?? ""
        let common = [folders.mappings, folders.containers, folders.upkeep, folders.mirrors].map {
            $0.dropFirst(folders.work.count + 1)
        }
        let names = facts.workNames.filter { name in
            name != own && (name.allSatisfy(\.isNumber) || common.contains(name[...]))
        }
        return names.map { "\(folders.work)/\($0)" }.map { Wall($0 == folders.mirrors ? .hide : .cover, $0) }
    }

    private var mirrors: [Wall] { facts.mirrors.map { Wall(.show, $0) } }

    /// Tasks are the same files for all jobs.
    private var readOnlyWork: [Wall] {
        facts.workNames.contains("_tasks") ? [Wall(.showReadOnly, folders.tasks)] : []
    }

    private var places: [String] { PrivateTemporary.places.map(\.path) }

    /// What the job needs of the machine's folders for temporary files, before anything in it is hidden.
    private var kept: [Wall] {
        needed { isWithin($0, places) && !isWithin($0, covered + [folders.work]) && !places.contains($0) }
    }

    /// What it needs of what is hidden; the work folder is there again.
    private var shown: [Wall] {
        needed { isWithin($0, covered) && !isWithin($0, [folders.work]) && !isAbove($0) }
    }

    private func needed(_ isMissing: (String) -> Bool) -> [Wall] {
        var walls: [Wall] = []
        for (kind, paths) in [(Wall.Kind.show, [folders.tools] + facts.writable), (.showReadOnly, facts.readable)] {
            for path in paths where isMissing(path) && !isWithin(path, walls.map(\.path)) {
                walls.append(Wall(kind, path))
            }
        }
        return walls
    }

    /// To show it would show again what is hidden.
    private func isAbove(_ path: String) -> Bool { (covered + [folders.work]).contains { isWithin($0, [path]) } }

    private var session: [Wall] {
        (facts.session.map { [Wall(.empty, $0)] } ?? []) + facts.trusted.map { Wall(.own, $0) }
    }

    private func isWithin(_ path: String, _ folders: [String]) -> Bool {
        folders.contains { path == $0 || path.hasPrefix("\($0)/") }
    }
}
