import ArgumentParser

/// Whether personal tokens may register agents.
enum PersonalTokenChoice: String, ExpressibleByArgument, CaseIterable {
    case allowed, refused
}
