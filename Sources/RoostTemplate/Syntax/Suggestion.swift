import RoostLanguage

/// `Did you mean …?`, when one of the names is near.
func suggestion(_ name: String, among names: some Sequence<String>) -> String? {
    nearName(name, among: names).map { "Did you mean \"\($0)\"?" }
}
