extension TaskTable {
    /// Tasks that run lines of a script.
    static let scripts = """
        task CmdLine@2 | Command line | Runs lines in the machine's shell.
        - script lines! = echo Hello world :: The lines of the script.
        - workingDirectory path :: Where the script begins; the sources' folder unless it says otherwise.
        - failOnStderr bool = false :: Fail when anything is written to standard error.
        - ignoreHostExpression bool = true :: Go on when Windows PowerShell fails in its own host.
        task Bash@3 | Bash | Runs a bash script, from a file or from the step itself.
        - targetType filePath|inline = filePath :: Whether the script is a file or stands in the step.
        - filePath path! [targetType = filePath] :: The file of the script.
        - arguments text [targetType = filePath] :: Arguments for the script's file.
        - script lines! [targetType = inline] :: The lines of the script.
        - workingDirectory path :: Where the script begins; the sources' folder unless it says otherwise.
        - failOnStderr bool = false :: Fail when anything is written to standard error.
        - bashEnvValue text :: The value of BASH_ENV: a file that bash reads before the script.
        task PowerShell@2 | PowerShell | Runs a PowerShell script, from a file or from the step itself.
        - targetType filePath|inline = filePath :: Whether the script is a file or stands in the step.
        - filePath path! [targetType = filePath] :: The file of the script, a .ps1.
        - arguments text [targetType = filePath] :: Arguments for the script's file, by place or by name.
        - script lines! [targetType = inline] :: The lines of the script.
        - errorActionPreference default|stop|continue|silentlyContinue = stop :: What an error does: the value of $ErrorActionPreference.
        - warningPreference default|stop|continue|silentlyContinue = default :: What a warning does: the value of $WarningPreference.
        - informationPreference default|stop|continue|silentlyContinue = default :: What an information does: the value of $InformationPreference.
        - verbosePreference default|stop|continue|silentlyContinue = default :: What a verbose message does: the value of $VerbosePreference.
        - debugPreference default|stop|continue|silentlyContinue = default :: What a debug message does: the value of $DebugPreference.
        - progressPreference default|stop|continue|silentlyContinue = silentlyContinue :: What progress does: the value of $ProgressPreference.
        - failOnStderr bool = false :: Fail when anything is written to the error pipeline or to standard error.
        - showWarnings bool = false :: Show warnings of the script as issues of the run.
        - ignoreLASTEXITCODE bool = false :: Do not fail when the last program ended with a code other than 0.
        - pwsh bool = false :: Run pwsh, PowerShell 7, also where an older PowerShell is installed.
        - workingDirectory path :: Where the script begins; the sources' folder unless it says otherwise.
        - runScriptInSeparateScope bool = false :: Call the script with & instead of running it in the scope of the step.
        task PythonScript@0 | Python script | Runs a Python script, from a file or from the step itself.
        - scriptSource filePath|inline! = filePath :: Whether the script is a file or stands in the step.
        - scriptPath path! [scriptSource = filePath] :: The file of the script.
        - script lines! [scriptSource = inline] :: The lines of the script.
        - arguments text :: Arguments for the script, which reads them from sys.argv.
        - pythonInterpreter path :: The interpreter; the first python on the path unless it says otherwise.
        - workingDirectory(cwd) path :: Where the script begins; the sources' folder unless it says otherwise.
        - failOnStderr bool = false :: Fail when anything is written to standard error.
        task ShellScript@2 | Shell script | Runs a file with bash.
        - scriptPath path! :: The file of the script.
        - args text :: Arguments for the script.
        - disableAutoCwd bool = false :: Do not begin in the script's own folder.
        - cwd path [disableAutoCwd = true] :: Where the script begins.
        - failOnStandardError bool = false :: Fail when anything is written to standard error.
        task RoostImageBuild@1 | Build images | Builds the images of a template with the program roost, each step shown as a record of the job.
        - template path! :: The template: a file, or a folder of *.pkr.hcl and *.pkr.json.
        - valuesFile path :: A file of values for variables and placeholders.
        - basesFile path :: A file that names root file systems for sources of Image Builder.
        - arguments text :: Further flags of roost image build.
        - workingDirectory path :: Where the build is started; the sources' folder unless it says otherwise.
        task AzureCLI@2 | Azure CLI | Runs a script with the az program signed in to a subscription.
        - azureSubscription(connectedServiceNameARM) connection! :: The service connection to Azure.
        - scriptType ps|pscore|batch|bash! :: What the script is written for; bash or pscore on Linux.
        - scriptLocation inlineScript|scriptPath! = scriptPath :: Whether the script is a file or stands in the step.
        - scriptPath path! [scriptLocation = scriptPath] :: The file of the script.
        - inlineScript lines! [scriptLocation = inlineScript] :: The lines of the script.
        - arguments(scriptArguments) text :: Arguments for the script.
        - powerShellErrorActionPreference stop|continue|silentlyContinue [scriptType = ps || scriptType = pscore] = stop :: What an error does: the value of $ErrorActionPreference.
        - addSpnToEnvironment bool = false :: Give the script servicePrincipalId, tenantId, and the key or idToken as environment variables.
        - useGlobalConfig bool = false :: Use the az configuration of the machine instead of one for the step.
        - workingDirectory(cwd) path :: Where the script begins; the sources' folder unless it says otherwise.
        - failOnStandardError bool = false :: Fail when anything is written to standard error.
        - powerShellIgnoreLASTEXITCODE bool [scriptType = ps || scriptType = pscore] = false :: Do not fail when the last program ended with a code other than 0.
        - visibleAzLogin bool = true :: Show what az login prints.
        - allowNoSubscriptions bool = false :: Sign in identities too that may use no subscription.
        - keepAzSessionActive bool = false :: Sign in again and again, for scripts that take longer than a token lives.
        """
}
