import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline

extension ControlState {
    /// Names and ids of secure files that the steps of a job name, in lower case, with the job's variables in them.
    func secureFileNames(of planned: PlannedJob, _ job: Job) -> [String] {
        let variables = Dictionary(job.variables.map { ($0.key.lowercased(), $0.value.value) }) { first, _ in first }
        return secureFileInputs(of: planned.steps).map { value in
            expandMacros(value) { variables[$0.lowercased()] }.lowercased()
        }
    }

    /// What steps give to inputs that take secure files.
    func secureFileInputs(of steps: [PlannedStep]) -> [String] {
        steps.flatMap { step -> [String] in
            let names = secureFileInputNames(of: step.task)
            return step.inputs.filter { names.contains($0.key.lowercased()) }.map(\.value).filter { !$0.isEmpty }
        }
    }

    private func secureFileInputNames(of task: TaskReference) -> Set<String> {
        if let own = tasks.task(id: task.id, version: task.version) {
            return Set(
                own.manifest.inputs.filter(\.isSecureFile).flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() }
            )
        }
        let known = TaskManual.current.task("\(task.name)@\(task.version)")?.inputs ?? []
        return Set(known.filter { $0.kind == .secureFile }.flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() })
    }

    /// The secure files a job may read.
    func secureFiles(of job: Job, in project: ProjectID) -> [SecureFile] {
        guard !secureFiles.isEmpty, let planned = plannedJob(of: job) else { return [] }
        let names = Set(secureFileNames(of: planned, job))
        guard !names.isEmpty else { return [] }
        return secureFiles.values.filter { file in
            file.project == project.rawValue
                && (names.contains(file.name.lowercased()) || names.contains(file.id.uuidString.lowercased()))
        }.sorted { $0.name < $1.name }
    }

    /// Chunks of packages and secure files in a space.
    func ownChunks(of space: String) -> Set<ChunkID> {
        switch space {
        case InstalledTask.space: Set(tasks.tasks.flatMap { $0.row.chunks.map(\.id) })
        case AgentPackage.space: Set(updates.packages(platform: nil).flatMap { $0.chunks.map(\.id) })
        case SecureFile.space: Set(secureFiles.values.flatMap { $0.chunks.map(\.id) })
        default: []
        }
    }
}

extension ControlPlane {
    /// Refuses a plan whose steps name secure files that are not there; names with macros are known only when the job begins.
    func checkSecureFiles(of plan: RunPlan, in project: Project) throws(ControlError) {
        let known = secureFiles(in: project.id)
        let steps = plan.stages.flatMap(\.jobs).flatMap(\.steps)
        let problems = read { state in
            steps.flatMap { step in
                state.secureFileInputs(of: [step]).filter { !$0.contains("$(") }.compactMap { name in
                    Self.missing(name, step, among: known)
                }
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
    }

    private static func missing(_ name: String, _ step: PlannedStep, among known: [SecureFile]) -> Diagnostic? {
        let isKnown = known.contains { file in
            equalIgnoringCase(file.name, name) || equalIgnoringCase(file.id.uuidString, name)
        }
        guard !isKnown else { return nil }
        let near = nearName(name, among: known.map(\.name)).map { "Did you mean '\($0)'?" }
        return .error(
            "secure-file.not-found",
            "\(step.place.isEmpty ? "" : "\(step.place): ")The secure file '\(name)' could not be found.",
            advice: near ?? "Add it with 'roost secure-file add PATH --name \(name)'."
        )
    }
}
