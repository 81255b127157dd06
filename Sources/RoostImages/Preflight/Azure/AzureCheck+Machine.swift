import RoostLanguage
import RoostTemplate

extension AzureCheck {
    /// The size has to be there, fit the base, and be left.
    mutating func checkMachine(_ base: AzureResourceFact?, in location: String?) {
        guard let wanted = build.size, let location else { return }
        let question = AzureQuestion.sizes(subscription: build.subscription, region: location)
        // Asked now, so that it is answered beside the others.
        _ = inquiry.ask(.azure(signIn, .quota(subscription: build.subscription, region: location)))
        guard case .found(.sizes(let sizes)) = answer(question, isNeeded: false, at: wanted.span) else { return }
        guard let size = sizes.first(where: { equalIgnoringCase($0.name, wanted.text) }) else {
            return findNoSize(wanted, sizes, location)
        }
        if let reason = size.restriction {
            problem(
                "vm-size",
                "The size \"\(size.name)\" cannot be had in \(location): \(reason)",
                at: wanted.span,
                advice: "Choose another; 'az vm list-skus --location \(location) --output table' lists them."
            )
        }
        if let base { checkFit(size, base, wanted) }
        for quota in build.isSpot ? ["lowPriorityCores"] : [size.family, "cores"] {
            demands.append(
                ProcessorDemand(
                    signIn: signIn,
                    subscription: build.subscription,
                    region: location,
                    quota: quota,
                    processors: size.processors,
                    target: build.name,
                    span: wanted.span
                )
            )
        }
    }

    private mutating func findNoSize(_ wanted: PlacedText, _ sizes: [MachineSizeFact], _ location: String) {
        let near = nearName(wanted.text, among: sizes.map(\.name).sorted())
        problem(
            "vm-size",
            "\(location) has no machines of the size \"\(wanted.text)\"",
            at: wanted.span,
            advice: (near.map { "Did you mean \"\($0)\"? " } ?? "")
                + "'az vm list-skus --location \(location) --resource-type virtualMachines --output table' lists them."
        )
    }

    private mutating func checkFit(_ size: MachineSizeFact, _ base: AzureResourceFact, _ wanted: PlacedText) {
        if let generation = base.generation, !size.generations.isEmpty, !size.generations.contains(generation) {
            problem(
                "vm-size-generation",
                "Machines of the size \"\(size.name)\" are of generation \(size.generations.joined(separator: ", ")), and what \(build.name) is made from is of \(generation)",
                at: wanted.span,
                advice: "Choose another size, or a source of the generation that it has."
            )
        }
        if let architecture = base.architecture, !equalIgnoringCase(architecture, size.architecture) {
            problem(
                "vm-size-architecture",
                "Machines of the size \"\(size.name)\" have processors \(size.architecture), and what \(build.name) is made from is for \(architecture)",
                at: wanted.span,
                advice: "Choose a size with such processors."
            )
        }
    }

    // MARK: Places for what is made

    /// A managed image must not be there yet.
    mutating func checkManagedImage(
        _ destination: (store: ManagedImageStore, group: SourceSpan?, name: SourceSpan?),
        in location: String?
    ) {
        let name = destination.store.image
        let subscription = name.subscription ?? build.subscription
        let span = destination.group ?? build.span
        guard isSubscriptionUsable(subscription, at: span) else { return }
        let place = destination.store.location.map(Self.region) ?? location
        let group = checkGroup(
            name.resourceGroup,
            subscription,
            "in which the image of \(build.name) is put",
            place,
            at: span
        )
        let id = AzureResourceID(
            subscription: subscription,
            resourceGroup: name.resourceGroup,
            type: AzureType.managedImage,
            names: [name.name]
        )
        let image = resource(id, at: destination.name ?? build.span)
        guard case .found = group else { return }
        checkRight("Microsoft.Compute/images/write", in: id.group, at: span)
        guard case .found = image, !isForced else { return }
        problem(
            "image-exists",
            "The \(id.title) is there already",
            at: destination.name ?? build.span,
            advice: "Give another name, or build with -force, which deletes it first."
        )
    }

    mutating func checkAccount(in location: String?) {
        guard let account = build.account else { return }
        checkGroup(
            account.group.text,
            build.subscription,
            "in which the storage account of \(build.name) is",
            location,
            at: account.group.span
        )
        let id = AzureResourceID(
            subscription: build.subscription,
            resourceGroup: account.group.text,
            type: AzureType.storageAccount,
            names: [account.name.text]
        )
        switch resource(id, at: account.name.span) {
        case .missing:
            problem(
                "storage-account",
                "The \(id.title), which the disk of \(build.name) is put into, is not there",
                at: account.name.span,
                command: TypedCommand(
                    "az",
                    "storage",
                    "account",
                    "create",
                    "--name",
                    account.name.text,
                    "--resource-group",
                    account.group.text
                ).adding("--location", location ?? "REGION").adding("--subscription", subscription(build.subscription))
                    .text
            )
        case .found(let fact):
            guard let there = fact.location.map(Self.region), let location, there != location else { return }
            problem(
                "storage-account",
                "The \(id.title) is in \(there), and \(build.name) is built in \(location); they have to be the same",
                at: account.name.span,
                advice: "Build in \(there), or name a storage account of \(location)."
            )
        case .nothing: return
        }
    }

    /// Something that has to be there and is only used.
    mutating func checkUsed(_ resource: PlacedText) {
        guard let id = AzureResourceID(resource.text), !id.type.isEmpty,
            case .missing = self.resource(id, at: resource.span)
        else { return }
        problem(
            "resource",
            "The \(id.title), which \(build.name) uses, is not there",
            at: resource.span,
            advice: "'az resource list --resource-group \(id.resourceGroup) --output table' lists what is."
        )
    }
}
