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

    /// <summary>What is between values that are all given at once. Here there is no command with another one than a space.</summary>
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

    internal Func<ToolOptions, IProcess, object> ProcessExitHandler => GetNamed<Func<ToolOptions, IProcess, object>>();

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
            IReadOnlyList<string> list => FormatAll(list.Select(x => (string.Empty, TextOf(x)))),
            IReadOnlyDictionary<string, object> pairs => FormatAll(pairs.Select(x => (x.Key, TextOf(x.Value)))),
            _ => FormatAll([(string.Empty, TextOf(value))])
        };

        IEnumerable<string> FormatAll(IEnumerable<(string Key, string Text)> values)
        {
            var given = values.Where(x => !string.IsNullOrWhiteSpace(x.Text)).ToList();
            return attribute.Separator == null
                ? given.SelectMany(x => parts.Select(part => Fill(part, x)))
                : parts.SelectMany(part => part.Contains("{value}") ? given.Select(x => Fill(part, x)) : given.Count > 0 ? [part] : []);
        }

        static string Fill(string part, (string Key, string Text) value)
            => part.Replace("{key}", value.Key).Replace("{value}", value.Text);
    }

    private static string TextOf(object value)
        => (value is bool flag ? flag ? "true" : "false" : value.ToString()).DoubleQuoteIfNeeded();
}
