extension Run {
    /// What people see as the run's name: its number and, unless the file says otherwise, ` • ` and the first line of the commit's message.
    ///
    /// `Build.BuildNumber` is the number alone.
    public var title: String { titleSubject.map { "\(number) • \($0)" } ?? number }

    /// The first line of the commit's message; nil when there is none, or the file does not want it shown with the run.
    public var titleSubject: String? {
        guard plan.appendsCommitMessage != false,
            let line = sourceVersionMessage.split(whereSeparator: \.isNewline).first
        else { return nil }
        return line.allSatisfy(\.isWhitespace) ? nil : String(line)
    }
}
