using System.Collections.ObjectModel;

namespace Nuke.Common.Tooling;

public static class ToolOptionsExtensions
{
    public static T SetProcessToolPath<T>(this T o, string value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessToolPath), value);

    public static T SetProcessWorkingDirectory<T>(this T o, string value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessWorkingDirectory), value);

    public static T SetProcessEnvironmentVariable<T>(this T o, string key, string value)
        where T : ToolOptions
    {
        var variables = new Dictionary<string, string>(o.ProcessEnvironmentVariables) { [key] = value };
        return o.With(nameof(o.ProcessEnvironmentVariables), variables.AsReadOnly());
    }

    public static T SetProcessEnvironmentVariable<T>(this T o, string key, object value)
        where T : ToolOptions
        => o.SetProcessEnvironmentVariable(key, value.ToString());

    public static T RemoveProcessEnvironmentVariable<T>(this T o, string key)
        where T : ToolOptions
    {
        var variables = new Dictionary<string, string>(o.ProcessEnvironmentVariables);
        variables.Remove(key);
        return o.With(nameof(o.ProcessEnvironmentVariables), variables.AsReadOnly());
    }

    public static T SetProcessEnvironmentVariables<T>(this T o, Dictionary<string, string> values)
        where T : ToolOptions
        => o.With(nameof(o.ProcessEnvironmentVariables), new Dictionary<string, string>(values).AsReadOnly());

    public static T SetProcessEnvironmentVariables<T>(this T o, ReadOnlyDictionary<string, string> values)
        where T : ToolOptions
        => o.With(nameof(o.ProcessEnvironmentVariables), values);

    public static T SetProcessExecutionTimeout<T>(this T o, TimeSpan value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessExecutionTimeout), (int)value.TotalMilliseconds);

    public static T SetProcessOutputLogging<T>(this T o, bool? value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessOutputLogging), value);

    public static T EnableProcessOutputLogging<T>(this T o)
        where T : ToolOptions
        => o.SetProcessOutputLogging(true);

    public static T DisableProcessOutputLogging<T>(this T o)
        where T : ToolOptions
        => o.SetProcessOutputLogging(false);

    public static T SetProcessInvocationLogging<T>(this T o, bool? value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessInvocationLogging), value);

    public static T EnableProcessInvocationLogging<T>(this T o)
        where T : ToolOptions
        => o.SetProcessInvocationLogging(true);

    public static T DisableProcessInvocationLogging<T>(this T o)
        where T : ToolOptions
        => o.SetProcessInvocationLogging(false);

    public static T SetProcessExitHandling<T>(this T o, bool? value)
        where T : ToolOptions
        => o.With(nameof(o.ProcessExitHandling), value);

    public static T EnableProcessExitHandling<T>(this T o)
        where T : ToolOptions
        => o.SetProcessExitHandling(true);

    public static T DisableProcessExitHandling<T>(this T o)
        where T : ToolOptions
        => o.SetProcessExitHandling(false);

    public static T AddProcessRedactedSecrets<T>(this T o, params string[] v)
        where T : ToolOptions
        => o.WithItems(nameof(o.ProcessRedactedSecrets), v);

    public static T AddProcessAdditionalArguments<T>(this T o, params string[] v)
        where T : ToolOptions
        => o.WithItems(nameof(o.ProcessAdditionalArguments), v);

    public static T AddProcessAdditionalArguments<T>(this T o, IEnumerable<string> v)
        where T : ToolOptions
        => o.WithItems(nameof(o.ProcessAdditionalArguments), v);

    public static T SetProcessLogger<T>(this T o, Action<OutputType, string> v)
        where T : ToolOptions
        => o.With(nameof(o.ProcessLogger), v);

    public static T SetProcessExitHandler<T>(this T o, Action<T, IProcess> exitHandler)
        where T : ToolOptions
        => o.With(nameof(o.ProcessExitHandler), new Func<ToolOptions, IProcess, object>((options, process) =>
        {
            exitHandler((T)options, process);
            return null;
        }));
}
