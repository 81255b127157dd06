import RoostLanguage
import RoostModel

/// Makes the steps of one job.
struct StepPlanner {
    let builder: PlanBuilder
    /// Whose steps they are, for messages.
    private let job: String
    /// Whether a checkout step was met, `checkout: none` among them.
    private(set) var hasCheckout = false
    /// Whether a download step was met, `download: none` among them.
    private(set) var hasDownload = false
    /// Checkouts that fetch something; with more than one, each has a folder of its own.
    private var checkouts = 0
    private var names: NameBook

    init(builder: PlanBuilder, job: String) {
        self.builder = builder
        self.job = job
        self.names = NameBook("step", builder.log)
    }

    private var log: DiagnosticLog { builder.log }

    /// The steps of a list; names the file gives are taken before any is made up.
    mutating func steps(_ list: SyntaxSequence) -> [PlannedStep] {
        let drafts = list.items.compactMap(draft)
        for draft in drafts {
            if let name = draft.fields.scalar("name"), !name.string.isEmpty { _ = names.claim(name) }
        }
        checkouts += drafts.count { $0.kind == .checkout && !$0.fetchesNothing && $0.fields.bool("enabled") != false }
        return drafts.compactMap { step($0) }
    }

    /// The checkout of the pipeline's own repository that stands first in a job that says nothing else.
    mutating func implicitCheckout() -> PlannedStep {
        PlannedStep(
            name: names.generate("Checkout", from: 1),
            displayName: builder.checkoutName("self", path: nil, isAlone: true),
            task: .checkout,
            inputs: builder.ownCheckout.merging(["repository": "self"]) { $1 }
        )
    }

    // MARK: One step

    private struct StepDraft {
        let kind: StepKind
        /// The value of the first key; null when there is none.
        let subject: SyntaxScalar
        let fields: Fields

        /// `checkout: none` and `download: none`, which only say what shall not happen by itself.
        var fetchesNothing: Bool { (kind == .checkout || kind == .download) && equalIgnoringCase(subject.text, "none") }
    }

    /// Finds out what a step is.
    private func draft(_ item: SyntaxNode) -> StepDraft? {
        guard case .mapping(let mapping) = item else {
            switch item {
            case .scalar(let scalar):
                if !scalar.string.isEmpty {
                    log.error(
                        "pipeline.kind",
                        "A mapping was expected",
                        at: item.place,
                        advice: "Write '- script: \(scalar.text.prefix(40))'."
                    )
                }
            case .sequence:
                log.error(
                    "pipeline.kind",
                    "A sequence was not expected",
                    at: item.place,
                    advice: "Remove one of the two '- '."
                )
            case .mapping, .unknown: break
            }
            return nil
        }
        guard
            let kind = StepKind.allCases.first(where: { mapping.pairs.first?.key.text == $0.rawValue })
                ?? StepKind.allCases.first(where: { mapping[$0.rawValue] != nil })
        else {
            if !mapping.isPartial { builder.unclear(mapping, StepKind.names + ["template"]) }
            return nil
        }
        builder.checkOrder(mapping, kind: kind.rawValue)
        let others = otherKinds(mapping, than: kind)
        let keys = [kind.rawValue] + PipelineKeys.step + kind.keys
        let rest = mapping.pairs.filter { !others.contains($0.key.text) }
        let known = SyntaxMapping(rest, place: mapping.place, isPartial: mapping.isPartial)
        let fields = Fields(known, keys, noun: "A step '\(kind.rawValue)'", log)
        return subject(kind, fields).map { StepDraft(kind: kind, subject: $0, fields: fields) }
    }

    /// Keys that would make another step of it, which are reported.
    private func otherKinds(_ mapping: SyntaxMapping, than kind: StepKind) -> [String] {
        let others = mapping.pairs.map(\.key).filter { key in
            key.text != kind.rawValue && StepKind(rawValue: key.text) != nil && !kind.keys.contains(key.text)
        }
        for key in others {
            log.error(
                "step.two-kinds",
                "Unexpected value '\(key.text)'",
                at: key.place,
                advice: "This step is a '\(kind.rawValue)' already; begin another with '- \(key.text):'."
            )
        }
        return others.map(\.text)
    }

    /// The value of the first key; nil when it is missing or no text, which is reported.
    private func subject(_ kind: StepKind, _ fields: Fields) -> SyntaxScalar? {
        guard let pair = fields.mapping.pair(kind.rawValue), !pair.value.isUnknown else { return nil }
        if let scalar = fields.scalar(kind.rawValue), !scalar.string.isEmpty { return scalar }
        switch kind {
        case .script, .bash, .pwsh, .powershell:
            // An empty script is a step that does nothing.
            if pair.value.isNull || pair.value.scalar != nil {
                return SyntaxScalar("", style: .singleQuoted, place: pair.key.place)
            }
        case .task, .checkout, .publish, .download, .downloadBuild, .getPackage, .upload, .reviewApp:
            if pair.value.isNull || pair.value.scalar != nil {
                log.error(
                    "step.subject",
                    "'\(kind.rawValue)' has no value",
                    at: pair.key.place,
                    advice: Self.advice(kind)
                )
            }
        }
        return nil
    }

    private static func advice(_ kind: StepKind) -> String {
        switch kind {
        case .task: "Write the name and major version of a task, such as 'task: Bash@3'."
        case .checkout: "Write 'self', 'none' or the name of a repository resource."
        default: "Write a value behind the colon."
        }
    }

    private mutating func step(_ draft: StepDraft) -> PlannedStep? {
        let fields = draft.fields
        if draft.kind == .checkout { hasCheckout = true }
        if draft.kind == .download { hasDownload = true }
        guard let task = draft.kind.reference ?? taskReference(draft.subject) else { return nil }
        let inputs = inputs(draft)
        let step = PlannedStep(
            name: name(fields, task),
            displayName: fields.text("displayName").flatMap { $0.isEmpty ? nil : $0 }
                ?? displayName(draft, task, inputs),
            task: task,
            inputs: inputs,
            environment: Dictionary(fields.textPairs("env").map { ($0.key.text, $0.value.string) }) { $1 },
            condition: builder.condition(fields, of: .step),
            continueOnError: fields.boolText("continueOnError"),
            timeoutInMinutes: fields.minutes("timeoutInMinutes"),
            retryCountOnTaskFailure: retries(fields),
            place: fields.place.text,
            target: target(fields)
        )
        checkResource(draft)
        if draft.kind == .task { checkInputs(draft, task) }
        guard !draft.fetchesNothing, fields.bool("enabled") != false else { return nil }
        noteUnknown(task, draft, step.name)
        return step
    }

    private mutating func name(_ fields: Fields, _ task: TaskReference) -> String {
        if let name = fields.text("name"), !name.isEmpty { return name }
        let last = task.name.split(separator: ".").last.map(String.init) ?? task.name
        let base = String(last.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        return names.generate(base.first?.isLetter == true ? base : "Task", from: 1)
    }

    private func displayName(_ draft: StepDraft, _ task: TaskReference, _ inputs: [String: String]) -> String {
        guard draft.kind == .checkout else {
            return builder.tasks.manifest(of: task)?.instanceName(inputs) ?? task.name
        }
        return builder.checkoutName(draft.subject.text, path: inputs["path"], isAlone: checkouts < 2)
    }

    /// `Name@2`, where the name may be a task's, a contribution's or an id.
    private func taskReference(_ subject: SyntaxScalar) -> TaskReference? {
        let parts = subject.text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            log.error(
                "step.task",
                "The task '\(subject.text)' is not a name and a version",
                at: subject.place,
                advice: "Write the name and the major version, such as 'task: Bash@3'."
            )
            return nil
        }
        let name = String(parts[0])
        let version = String(parts[1])
        guard let task = TaskCatalog.task(name), let major = Int(version), task.majors.contains(major) else {
            // Pinned to the newest version there is now: a run that is going on does not change its tasks.
            return builder.tasks.newest(name, version: version)?.plannedReference
                ?? TaskReference(id: "", name: name, version: version)
        }
        // The shorthands' own tasks, written out, are the same tasks.
        return task.reference ?? TaskReference(id: "", name: task.name, version: version)
    }

    /// Notes a task that no agent here carries out.
    private func noteUnknown(_ task: TaskReference, _ draft: StepDraft, _ step: String) {
        let known = TaskCatalog.task(task.id.isEmpty ? task.name : task.id)
        if let known, task.reference(in: known) { return }
        if let manifest = builder.tasks.manifest(of: task) { return noteOld(manifest, draft) }
        let name = "\(task.name)@\(task.version)"
        let advice: String
        if let known {
            let versions = known.majors.map { "'\(known.name)@\($0)'" }.joined(separator: ", ")
            advice = "Agents here carry out \(versions)."
        } else if case let majors = builder.tasks.majors(task.name), !majors.isEmpty {
            advice =
                "Installed \(majors.count == 1 ? "is" : "are") \(majors.map { "'\(task.name)@\($0)'" }.joined(separator: ", "))."
        } else if let near = nearName(task.name, among: TaskCatalog.all.map(\.name) + builder.tasks.names) {
            advice = "Did you mean '\(near)'?"
        } else {
            advice = "Agents here do not carry it out; do the same with a 'script' or 'bash' step."
        }
        let diagnostic = Diagnostic.error(
            "task.unknown",
            "A task is missing. The pipeline references a task called '\(name)'.",
            at: draft.subject.place.span,
            advice: advice,
            detail: "(Task version \(task.version), job '\(job)', step '\(step)'.)"
        )
        builder.limitations.add(
            builder.isInForeignJob ? diagnostic.asWarning : diagnostic,
            site: draft.subject.place.site
        )
    }

    /// Warns of a task whose makers advise against it.
    private func noteOld(_ manifest: TaskManifest, _ draft: StepDraft) {
        guard let text = manifest.deprecation else { return }
        log.warning(
            "task.deprecated",
            "The task '\(manifest.reference)' is deprecated",
            at: draft.subject.place,
            advice: text
        )
    }

    private func retries(_ fields: Fields) -> Int {
        guard case .scalar(let scalar)? = fields.node("retryCountOnTaskFailure") else { return 0 }
        guard !scalar.isKnownLater else {
            builder.limitation(
                "The number of retries is not evaluated while the run goes on; 0 is used",
                fields.mapping,
                "retryCountOnTaskFailure"
            )
            return 0
        }
        let count = fields.count("retryCountOnTaskFailure") ?? 0
        if count > 10 {
            log.warning(
                "step.retries",
                "A step is tried again at most 10 times",
                at: scalar.place,
                advice: "10 is used."
            )
        }
        return min(count, 10)
    }

    /// Reports a step that speaks of a resource the file does not declare.
    private func checkResource(_ draft: StepDraft) {
        let kind: String
        switch draft.kind {
        case .download: kind = "pipelines"
        case .downloadBuild: kind = "builds"
        case .getPackage: kind = "packages"
        default: return
        }
        let name = draft.subject
        let isWord = draft.kind == .download && ["current", "none"].contains { equalIgnoringCase(name.text, $0) }
        guard !isWord, !name.isKnownLater, !builder.resources.has(name.text, kind) else { return }
        let known = (draft.kind == .download ? ["current", "none"] : []) + (builder.resources.names[kind] ?? [])
        let near = nearName(name.text, among: known).map { "Did you mean '\($0)'? " } ?? ""
        log.error(
            "step.resource",
            "The resource '\(name.text)' is not declared",
            at: name.place,
            advice: "\(near)Declare it under 'resources: \(kind):'."
        )
    }

    /// Reports inputs the task does not have, and those it needs; what nobody could evaluate may hold the latter.
    private func checkInputs(_ draft: StepDraft, _ task: TaskReference) {
        let fields = draft.fields
        let installed = builder.tasks.manifest(of: task)
        guard let check = TaskInputCheck(draft.subject, fields.textPairs("inputs"), log, installed: installed) else {
            return
        }
        let meant = check.reportUnexpected()
        let inputs = fields.mapping["inputs"]
        let isWhole = inputs.map { $0.isNull || $0.mapping?.isPartial == false } ?? !fields.isMisspelt("inputs")
        guard isWhole, !fields.mapping.isPartial else { return }
        check.reportMissing(at: draft.subject.place, except: meant)
    }

    /// `host`, the name of a container, or a mapping; nil when the step says nothing.
    private func target(_ fields: Fields) -> PlannedTarget? {
        switch fields.node("target") {
        case .scalar(let scalar):
            guard !scalar.string.isEmpty else { return nil }
            return PlannedTarget(container: container(scalar))
        case .mapping(let mapping):
            guard !mapping.pairs.isEmpty else { return nil }
            let target = Fields(mapping, ["container", "commands", "settableVariables"], noun: "A target", log)
            let variables = target.has("settableVariables") ? target.texts("settableVariables").map(\.text) : nil
            let isNone = variables.map { $0.count == 1 && equalIgnoringCase($0[0], "none") } ?? false
            return PlannedTarget(
                container: target.scalar("container").map(container),
                isRestricted: target.word("commands", ["any", "restricted"]) == "restricted",
                settableVariables: isNone ? [] : variables
            )
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'target' is 'host', a container, or a mapping."
            )
        case .unknown, nil: break
        }
        return nil
    }

    private func container(_ name: SyntaxScalar) -> String {
        if equalIgnoringCase(name.text, PlannedTarget.host) { return PlannedTarget.host }
        ContainerReader(log: log, limitations: builder.limitations, check: builder.check)
            .checkAlias(name, builder.resources)
        return name.text
    }

    // MARK: Inputs

    private func inputs(_ draft: StepDraft) -> [String: String] {
        let fields = draft.fields
        let subject = draft.subject.string
        switch draft.kind {
        case .task: return Dictionary(fields.textPairs("inputs").map { ($0.key.text, $0.value.string) }) { $1 }
        case .script: return given(draft.kind.keys, fields).merging(["script": subject]) { $1 }
        case .bash, .powershell:
            return given(draft.kind.keys, fields).merging(["targetType": "inline", "script": subject]) { $1 }
        case .pwsh:
            return given(draft.kind.keys, fields).merging(["targetType": "inline", "script": subject, "pwsh": "true"]) {
                $1
            }
        case .checkout: return builder.checkoutInputs(draft.subject, fields)
        case .publish, .upload:
            let artifact = fields.text("artifact").map { ["artifactName": $0] } ?? [:]
            return artifact.merging(["path": subject]) { $1 }
        case .download:
            var inputs = given(draft.kind.keys, fields)
            inputs.merge(Self.source(subject, artifact: inputs["artifact"])) { given, _ in given }
            return inputs
        case .downloadBuild:
            let more = Dictionary(fields.textPairs("inputs").map { ($0.key.text, $0.value.string) }) { $1 }
            return given(["artifact", "path", "patterns"], fields).merging(more) { $1 }.merging(["alias": subject]) {
                $1
            }
        case .getPackage: return given(draft.kind.keys, fields).merging(["alias": subject]) { $1 }
        case .reviewApp: return ["resourceName": subject]
        }
    }

    /// Whose artifacts a `download` fetches, and where they go when it does not say.
    private static func source(_ subject: String, artifact: String?) -> [String: String] {
        let isOwn = equalIgnoringCase(subject, "current")
        let parts = ["$(Pipeline.Workspace)"] + (isOwn ? [] : [subject]) + (artifact.map { [$0] } ?? [])
        let path = parts.joined(separator: "/")
        return isOwn ? ["source": "current", "path": path] : ["source": "specific", "alias": subject, "path": path]
    }

    /// What a deployment fetches by itself before its `deploy` steps: the artifacts of its run and of the file's pipeline resources.
    mutating func implicitDownloads() -> [PlannedStep] {
        (["current"] + (builder.resources.names["pipelines"] ?? [])).map { subject in
            PlannedStep(
                name: names.generate("DownloadPipelineArtifact", from: 1),
                displayName: "Download artifacts\(subject == "current" ? "" : " of \(subject)")",
                task: StepKind.download.reference ?? .checkout,
                inputs: Self.source(subject, artifact: nil)
            )
        }
    }

    /// The keys that are there, as inputs of the same name.
    private func given(_ keys: [String], _ fields: Fields) -> [String: String] {
        var inputs: [String: String] = [:]
        for key in keys { inputs[key] = fields.scalar(key)?.string }
        return inputs
    }
}

extension TaskReference {
    /// Whether it is a version of a task that is known.
    fileprivate func reference(in task: KnownTask) -> Bool {
        let major = version.split(separator: ".").first.flatMap { Int($0) }
        return major.map { task.majors.contains($0) } ?? false
    }
}
