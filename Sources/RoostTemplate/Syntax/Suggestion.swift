import RoostLanguage

/// `Did you mean …?`, when one of the names is near.
func suggestion(_ name: String, among names: some Sequence<String>) -> String? {
    // In order, because of several that are as near the first is taken.
    nearName(name, among: names.sorted()).map { "Did you mean \"\($0)\"?" }
}
