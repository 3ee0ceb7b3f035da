using System.Diagnostics;
using Gantry.Testing;
using Xunit.Sdk;

namespace Pipeline.Tests.Bootstrap;

/// <summary>One of the scripts that start the build. All have the same behaviour.</summary>
public abstract class StartScript
{
    /// <summary>Creates the process that runs the script of a folder.</summary>
    public abstract ProcessStartInfo Start(string root, IReadOnlyList<string> arguments);

    /// <summary>Creates the process that runs the script without <c>dotnet</c> on the PATH.</summary>
    public abstract ProcessStartInfo StartWithoutDotnet(string root);

    /// <summary>Creates the process that runs the script with programs of a folder in front of all others.</summary>
    public virtual ProcessStartInfo StartWith(string programs, string root, IReadOnlyList<string> arguments)
    {
        var start = Start(root, arguments);
        start.Environment["PATH"] = $"{programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return start;
    }

    /// <summary>Gets the script with a name.</summary>
    public static StartScript Of(string name) => name == "build.ps1" ? new PowerShellScript() : new ShellScript(name);
}

/// <summary>Provides the scripts to a theory that can run on this machine.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class StartScriptDataAttribute : DataAttribute
{
    private readonly string _name;

    public StartScriptDataAttribute(string name)
    {
        _name = name;
        if (name == "build.ps1")
            Skip = RequiredProgram.FindSkipReason(RequiredProgram.PowerShell);
        else if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
    }

    /// <summary>True for a test that compiles the build several times, with a script that other tests cover as well.</summary>
    public bool IsForTheNight
    {
        get;
        set
        {
            field = value;
            if (value && Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") != "1")
                Skip ??= "takes a minute, and is run every night (GANTRY_RUN_PIPELINE=1 runs it)";
        }
    }

    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => [[_name]];
}

/// <summary><c>build.sh</c>, or <c>build.cmd</c> in a Unix shell.</summary>
public sealed class ShellScript(string file = "build.sh") : StartScript
{
    public override ProcessStartInfo Start(string root, IReadOnlyList<string> arguments) =>
        new("/bin/bash", [Path.Combine(root, file), .. arguments]);

    public override ProcessStartInfo StartWithoutDotnet(string root)
    {
        var programs = Directory.CreateDirectory(Path.Combine(root, "programs"));
        File.CreateSymbolicLink(Path.Combine(programs.FullName, "dirname"), "/usr/bin/dirname");
        var start = Start(root, []);
        start.Environment["PATH"] = programs.FullName;
        return start;
    }
}

/// <summary><c>build.ps1</c>, as <c>build.cmd</c> calls it.</summary>
public sealed class PowerShellScript : StartScript
{
    public override ProcessStartInfo Start(string root, IReadOnlyList<string> arguments) =>
        new(RequiredProgram.PowerShell.RequirePath(), ["-NoProfile", "-File", Path.Combine(root, "build.ps1"), .. arguments]);

    // dotnet itself starts PowerShell, so the PATH is emptied inside it.
    public override ProcessStartInfo StartWithoutDotnet(string root) =>
        new(RequiredProgram.PowerShell.RequirePath(), ["-NoProfile", "-Command", "$env:PATH = ''; ./build.ps1; exit $LASTEXITCODE"]);

    // The same for programs in front of it.
    public override ProcessStartInfo StartWith(string programs, string root, IReadOnlyList<string> arguments) =>
        new(
            RequiredProgram.PowerShell.RequirePath(),
            [
                "-NoProfile", "-Command",
                $"$env:PATH = '{programs}{Path.PathSeparator}' + $env:PATH; ./build.ps1 {string.Join(' ', arguments)}; exit $LASTEXITCODE",
            ]);
}
