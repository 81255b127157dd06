/// A call of a function with its values.
struct DeploymentCall {
    var name: String
    var arguments: [SettingValue]
    /// Of each argument, and of the whole call, in the text.
    var argumentBytes: [Range<Int>]
    var bytes: Range<Int>

    func fault(_ detail: String, at index: Int? = nil, advice: String? = nil) -> DeploymentFault {
        let place = index.flatMap { $0 < argumentBytes.count ? argumentBytes[$0] : nil } ?? bytes
        return DeploymentFault("Error in call to \(name)", detail, place, advice: advice)
    }

    func expectCount(_ bounds: ClosedRange<Int>) throws(DeploymentFault) {
        guard !bounds.contains(arguments.count) else { return }
        let wanted =
            bounds.upperBound == .max
            ? "at least \(bounds.lowerBound)"
            : bounds.count == 1 ? "\(bounds.lowerBound)" : "\(bounds.lowerBound) to \(bounds.upperBound)"
        throw fault("The function takes \(wanted) arguments; \(arguments.count) are given.")
    }

    func text(_ index: Int) throws(DeploymentFault) -> String {
        guard let text = arguments[index].text else { throw typeFault(index, "a text") }
        return text
    }

    func int(_ index: Int) throws(DeploymentFault) -> Int {
        guard let number = arguments[index].number?.int else { throw typeFault(index, "a whole number") }
        return number
    }

    func truth(_ index: Int) throws(DeploymentFault) -> Bool {
        guard let truth = arguments[index].truth else { throw typeFault(index, "true or false") }
        return truth
    }

    func list(_ index: Int) throws(DeploymentFault) -> [SettingValue] {
        guard let list = arguments[index].list else { throw typeFault(index, "a list") }
        return list
    }

    func typeFault(_ index: Int, _ wanted: String) -> DeploymentFault {
        fault("Argument \(index + 1) is \(arguments[index].typeTitle); \(wanted) is needed.", at: index)
    }
}
