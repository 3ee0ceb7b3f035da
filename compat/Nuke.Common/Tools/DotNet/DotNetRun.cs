using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetRun), Arguments = "run")]
public class DotNetRunSettings : ToolOptions
{
    [Argument(Format = "--project {value}")] public string ProjectFile => GetNamed<string>();
    [Argument(Format = "--configuration {value}")] public string Configuration => GetNamed<string>();
    [Argument(Format = "--framework {value}")] public string Framework => GetNamed<string>();
    [Argument(Format = "--no-restore")] public bool? NoRestore => GetNamed<bool?>();
    [Argument(Format = "--no-build")] public bool? NoBuild => GetNamed<bool?>();
    [Argument(Format = "--no-launch-profile")] public bool? NoLaunchProfile => GetNamed<bool?>();
    [Argument(Format = "--launch-profile {value}")] public string LaunchProfile => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "--property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
    [Argument(Format = "-- {value}", Position = -1, Separator = " ")]
    public IReadOnlyList<string> ApplicationArguments => GetNamed<IReadOnlyList<string>>();
}

public static class DotNetRunSettingsExtensions
{
    public static T SetProjectFile<T>(this T o, string v)
        where T : DotNetRunSettings
        => o.With(nameof(o.ProjectFile), v);

    public static T SetConfiguration<T>(this T o, string v)
        where T : DotNetRunSettings
        => o.With(nameof(o.Configuration), v);

    public static T SetFramework<T>(this T o, string v)
        where T : DotNetRunSettings
        => o.With(nameof(o.Framework), v);

    public static T SetNoRestore<T>(this T o, bool? v)
        where T : DotNetRunSettings
        => o.With(nameof(o.NoRestore), v);

    public static T EnableNoRestore<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoRestore(true);

    public static T DisableNoRestore<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoRestore(false);

    public static T SetNoBuild<T>(this T o, bool? v)
        where T : DotNetRunSettings
        => o.With(nameof(o.NoBuild), v);

    public static T EnableNoBuild<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoBuild(true);

    public static T DisableNoBuild<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoBuild(false);

    public static T SetNoLaunchProfile<T>(this T o, bool? v)
        where T : DotNetRunSettings
        => o.With(nameof(o.NoLaunchProfile), v);

    public static T EnableNoLaunchProfile<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoLaunchProfile(true);

    public static T DisableNoLaunchProfile<T>(this T o)
        where T : DotNetRunSettings
        => o.SetNoLaunchProfile(false);

    public static T SetLaunchProfile<T>(this T o, string v)
        where T : DotNetRunSettings
        => o.With(nameof(o.LaunchProfile), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetRunSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetRunSettings
        => o.With(nameof(o.Verbosity), null);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetRunSettings
        => o.WithPair(nameof(o.Properties), k, v);

    public static T AddApplicationArguments<T>(this T o, params string[] v)
        where T : DotNetRunSettings
        => o.WithItems(nameof(o.ApplicationArguments), v);

    public static T AddApplicationArguments<T>(this T o, IEnumerable<string> v)
        where T : DotNetRunSettings
        => o.WithItems(nameof(o.ApplicationArguments), v);
}
