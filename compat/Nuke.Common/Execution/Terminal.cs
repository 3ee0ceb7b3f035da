using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

public class Terminal : Host;

public class Rider : Terminal
{
    internal static bool IsRunningRider
        => EnvironmentInfo.HasVariable("IDEA_INITIAL_DIRECTORY", allowEmpty: false) ||
           EnvironmentInfo.GetVariable("TERMINAL_EMULATOR")?.ContainsOrdinalIgnoreCase("JetBrains-JediTerm") == true;
}

public class VSCode : Terminal
{
    internal static bool IsRunningVSCode
        => EnvironmentInfo.HasVariable("VSCODE_GIT_IPC_HANDLE", allowEmpty: false)
            || EnvironmentInfo.HasVariable("VSCODE_PID", allowEmpty: false);
}

public class VisualStudio : Terminal
{
    internal static bool IsRunningVisualStudio => EnvironmentInfo.HasVariable("VisualStudioVersion", allowEmpty: false);
}
