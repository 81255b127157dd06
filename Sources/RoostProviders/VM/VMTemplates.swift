import Foundation
import RoostModel
import Synchronization

/// The saved memories of a provider: which there are, and one that is being made.
actor VMTemplates {
    private let folder: String
    private let shelf: VMImageShelf
    private var making: Task<Void, Never>?

    init(_ folder: String, _ shelf: VMImageShelf) {
        self.folder = folder
        self.shelf = shelf
    }

    private func place(_ key: VMTemplateKey) -> VMTemplate { VMTemplate(path: "\(folder)/\(key.text)") }

    // MARK: Use

    /// The memory in which a machine can go on; nil when there is none.
    func ready(_ key: VMTemplateKey) -> VMTemplate? {
        let place = place(key)
        guard place.isThere else { return nil }
        try? FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: place.path)
        return place
    }

    /// No machine goes on in it any more for a day: one did not wake.
    func refuse(_ wish: VMTemplateWish, _ reason: String) {
        let place = place(wish.key)
        remove(place.path)
        try? place.refuse(wish.image, reason)
    }

    /// Images whose machines start from their disks, and why; for people.
    nonisolated var refusals: [String] {
        names.compactMap { VMTemplate(path: "\(folder)/\($0)").refused }.map { image, reason in
            "Machines of image '\(image)' start from their disk each time: \(reason)."
        }
        .sorted()
    }

    private nonisolated var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasSuffix(".lock") }
            .sorted()
    }

    // MARK: Making

    /// Does what is to be done about memories; a new one is made while this has long come back.
    ///
    /// - Parameters:
    ///   - wishes: of machines that are up.
    ///   - needed: memories on whose disks machines stand.
    func look(_ wishes: [VMTemplateWish], needed: Set<VMTemplateKey>) {
        guard making == nil, !wishes.isEmpty || !names.isEmpty else { return }
        try? FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // Another process may make one.
        guard let lock = MachineLock("\(folder)/making.lock") else { return }
        let steps = VMTemplatePlan.steps(facts(needed), wishes: wishes, isMaking: false, at: .now)
        for case .remove(let fact, _) in steps where fact.state != .begun { remove("\(folder)/\(fact.name)") }
        let begun = steps.compactMap { step -> String? in
            guard case .remove(let fact, _) = step, fact.state == .begun else { return nil }
            return "\(folder)/\(fact.name)"
        }
        let wish = steps.compactMap { if case .make(let wish) = $0 { wish } else { nil } }.first
        guard wish != nil || !begun.isEmpty else { return }
        making = Task {
            for path in begun { await clear(path) }
            if let wish { await make(wish) }
            making = nil
            withExtendedLifetime(lock) {}
        }
    }

    /// Waits until nothing is being made.
    func settled() async { await making?.value }

    private func make(_ wish: VMTemplateWish) async {
        let place = place(wish.key)
        do throws(ProviderFailure) {
            guard let base = await shelf.known(wish.key.image) else { throw .failed("its disk is not there any more") }
            try await VMTemplateMaking(wish: wish, base: base, place: place).run()
        } catch { try? place.refuse(wish.image, error.summary) }
    }

    /// Removes what somebody began who was killed.
    private func clear(_ path: String) async {
        try? await VMProcess.end(VMTemplate(path: path).process)
        remove(path)
    }

    private func remove(_ path: String) {
        // A machine that just begins in it finds nothing rather than half of it.
        let gone = "\(folder)/\(VMTemplate.gone)\(UUID().uuidString)"
        try? FileManager.default.removeItem(atPath: rename(path, gone) == 0 ? gone : path)
    }

    private func facts(_ needed: Set<VMTemplateKey>) -> [VMTemplateFact] {
        names.map { name in
            let place = VMTemplate(path: "\(folder)/\(name)")
            let attributes = try? FileManager.default.attributesOfItem(atPath: place.path)
            let key = VMTemplateKey(name)
            return VMTemplateFact(
                name: name,
                state: key == nil ? .begun : place.isThere ? .ready : .refused,
                used: attributes?[.modificationDate] as? Date ?? .distantPast,
                isNeeded: key.map(needed.contains) ?? false
            )
        }
    }
}
