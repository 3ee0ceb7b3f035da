using System.Collections.ObjectModel;
using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>How a property becomes a part of the command line.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class ArgumentAttribute : Attribute
{
    /// <summary>The text, with <c>{value}</c> and <c>{key}</c> in it.</summary>
    public string Format { get; set; }

    /// <summary>From the front if positive, from the end if negative.</summary>
    public int Position { get; set; }

    /// <summary>What is between the values of a list that are all given at once.</summary>
    public string Separator { get; set; }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; set; }
}

[AttributeUsage(AttributeTargets.Class)]
public class CommandAttribute : Attribute
{
    public Type Type { get; set; }
    public string Command { get; set; }
    public string Arguments { get; set; }
}

/// <summary>The options of a command that is a process.</summary>
public abstract class ToolOptions : Options
{
    public string ProcessToolPath => GetNamed<string>();
    public string ProcessWorkingDirectory => GetNamed<string>();

    // Nothing means what this process has itself.
    public IReadOnlyDictionary<string, string> ProcessEnvironmentVariables
        => GetNamed<IReadOnlyDictionary<string, string>>() ?? EnvironmentInfo.Variables;

    public int? ProcessExecutionTimeout => GetNamed<int?>();
    public bool? ProcessOutputLogging => GetNamed<bool?>();
    public bool? ProcessInvocationLogging => GetNamed<bool?>();
    public bool? ProcessExitHandling => GetNamed<bool?>();
    public IReadOnlyList<string> ProcessRedactedSecrets => GetNamed<IReadOnlyList<string>>();
    public IReadOnlyList<string> ProcessAdditionalArguments => GetNamed<IReadOnlyList<string>>();

    internal Action<OutputType, string> ProcessLogger => GetNamed<Action<OutputType, string>>();

    internal Action<OutputType, string> GetLogger()
        => ProcessLogger ?? ToolTasks.LoggerOf(GetType().GetCustomAttribute<CommandAttribute>()?.Type);

    internal IEnumerable<string> GetSecrets()
        => (ProcessRedactedSecrets ?? []).Concat(Arguments().Where(x => x.Attribute.Secret).Select(x => x.Value.ToString()));

    internal IEnumerable<string> GetArguments()
    {
        var command = GetType().GetCustomAttribute<CommandAttribute>()?.Arguments;
        var arguments = Arguments()
            .OrderBy(x => x.Attribute.Position switch { > 0 => 0, 0 => 1, < 0 => 2 })
            .ThenBy(x => x.Attribute.Position)
            .SelectMany(x => Format(x.Attribute, x.Value));
        return (command != null ? [command] : Enumerable.Empty<string>()).Concat(arguments).Concat(ProcessAdditionalArguments ?? []);
    }

    private IEnumerable<(ArgumentAttribute Attribute, object Value)> Arguments()
        => Values
            .Select(x => (Attribute: GetType().GetProperty(x.Key)?.GetCustomAttribute<ArgumentAttribute>(), x.Value))
            .Where(x => x.Attribute != null);

    private static IEnumerable<string> Format(ArgumentAttribute attribute, object value)
    {
        var parts = attribute.Format.Split(' ');
        return value switch
        {
            bool flag when !attribute.Format.Contains("{value}") => flag ? parts : [],
            IReadOnlyList<string> list when attribute.Separator is { } separator => FormatTogether(parts, list.Select(TextOf), separator),
            IReadOnlyList<string> list => list.SelectMany(x => Fill(TextOf(x))),
            IReadOnlyDictionary<string, object> pairs => pairs.SelectMany(x => Fill(TextOf(x.Value), x.Key)),
            _ => Fill(TextOf(value))
        };

        IEnumerable<string> Fill(string text, string key = null)
            => string.IsNullOrWhiteSpace(text) ? [] : parts.Select(x => x.Replace("{key}", key).Replace("{value}", text));
    }

    private static IEnumerable<string> FormatTogether(string[] parts, IEnumerable<string> values, string separator)
        => string.IsNullOrWhiteSpace(separator)
            ? parts.SelectMany(x => x.Contains("{value}") ? values.Select(y => x.Replace("{value}", y)) : [x])
            : parts.Select(x => x.Replace("{value}", values.Join(separator)));

    private static string TextOf(object value)
        => (value is bool flag ? flag ? "true" : "false" : value.ToString()).DoubleQuoteIfNeeded();
}

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
        => o.With(nameof(o.ProcessEnvironmentVariables), new Dictionary<string, string>(o.ProcessEnvironmentVariables) { [key] = value }.AsReadOnly());

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
}
