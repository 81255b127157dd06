import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The steps of an ordinary job.
    func steps(of draft: Draft) -> [PlannedStep] {
        steps(draft.fields, of: "The job \(draft.name)", job: draft.name, at: draft.place)
    }

    /// The steps of a mapping, behind the checkout that stands first when the file says nothing of one.
    func steps(_ fields: Fields, of owner: String, job: String, at place: SyntaxPlace) -> [PlannedStep] {
        var planner = StepPlanner(builder: self, job: job)
        guard let list = fields.list("steps") else {
            reportNoSteps(fields, owner, place)
            return []
        }
        if list.items.isEmpty, !list.isPartial {
            log.warning("pipeline.no-steps", "\(owner) has no steps", at: place, advice: "It only fetches the sources.")
        }
        let steps = planner.steps(list)
        return planner.hasCheckout ? steps : [planner.implicitCheckout()] + steps
    }

    private func reportNoSteps(_ fields: Fields, _ owner: String, _ place: SyntaxPlace) {
        let node = fields.mapping["steps"]
        guard node?.isUnknown != true, !(node == nil && fields.mapping.isPartial) else { return }
        if node == nil, fields.isMisspelt("steps") { return }
        // A value of another kind is reported already.
        guard
            node == nil || node?.isNull == true || node?.scalar?.text.isEmpty == true
                || node?.mapping?.pairs.isEmpty == true
        else { return }
        log.error(
            "pipeline.no-steps",
            "\(owner) has no steps",
            at: place,
            advice: "Write 'steps:' and below it at least one step, such as '- script: make'."
        )
    }

    // MARK: Checkout

    /// The inputs of a checkout step; the options are checked, macros excepted.
    func checkoutInputs(_ subject: SyntaxScalar, _ fields: Fields) -> [String: String] {
        checkRepository(subject)
        var inputs = equalIgnoringCase(subject.text, PlannedRepository.ownAlias) ? ownCheckout : [:]
        inputs["repository"] = subject.text
        for key in ["clean", "fetchTags", "lfs", "persistCredentials", "workspaceRepo"] {
            if let text = fields.boolText(key) { inputs[key] = text.text }
        }
        if let submodules = fields.scalar("submodules") {
            inputs["submodules"] = submodules.isKnownLater ? submodules.text : fields.submodules
        }
        if let depth = fields.scalar("fetchDepth") {
            inputs["fetchDepth"] = depth.isKnownLater ? depth.text : fields.count("fetchDepth").map(String.init)
        }
        for key in ["fetchFilter", "path", "sparseCheckoutDirectories", "sparseCheckoutPatterns"] {
            inputs[key] = fields.scalar(key)?.string
        }
        return inputs
    }

    /// Reports a name of a repository that is not declared.
    func checkRepository(_ subject: SyntaxScalar) {
        let name = subject.text
        let isKnown = ["self", "none"].contains(name) || repositories.contains { equalIgnoringCase($0.alias, name) }
        let isInline = ["git://", "github://", "bitbucket://"].contains { name.hasPrefix($0) }
        guard !isKnown, !isInline, !subject.isKnownLater else { return }
        let names = ["self", "none"] + repositories.map(\.alias)
        let near = nearName(name, among: names).map { "Did you mean '\($0)'? " } ?? ""
        guard !resources.isPartial else { return }
        log.error(
            "checkout.repository",
            "The repository '\(name)' is not declared",
            at: subject.place,
            advice:
                "\(near)Known are \(names.joined(separator: ", ")); others are declared under 'resources: repositories:'."
        )
    }

    /// The name a checkout is shown by: `Checkout REPOSITORY@BRANCH to FOLDER`.
    func checkoutName(_ subject: String, path: String?, isAlone: Bool) -> String {
        let name: String
        let branch: String
        if equalIgnoringCase(subject, PlannedRepository.ownAlias) {
            name = predefined["Build.Repository.Name"] ?? "$(Build.Repository.Name)"
            branch = predefined["Build.SourceBranchName"] ?? "$(Build.SourceBranchName)"
        } else if let repository = repositories.first(where: { equalIgnoringCase($0.alias, subject) }) {
            name = repository.name
            let prefix = "refs/heads/"
            branch = repository.ref.hasPrefix(prefix) ? String(repository.ref.dropFirst(prefix.count)) : repository.ref
        } else {
            name = subject
            branch = ""
        }
        let folder = isAlone ? "s" : "s/\(name.split(separator: "/").last ?? "")"
        return "Checkout \(name)\(branch.isEmpty ? "" : "@\(branch)") to \(path ?? folder)"
    }
}

extension Fields {
    /// `true`, `false` or `recursive`.
    fileprivate var submodules: String? { word("submodules", ["true", "false", "recursive"]) }
}
