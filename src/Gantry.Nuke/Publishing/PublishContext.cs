using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Gantry.Oci;

namespace Gantry.Nuke.Publishing;

/// <summary>Everything besides files that decides what publishing gives: settings, the SDK, the build program, the environment.</summary>
internal static class PublishContext
{
    private static readonly string[] TerminalVariables =
    [
        "_", "TERM", "COLORTERM", "COLUMNS", "LINES", "SHLVL", "PWD", "OLDPWD", "STY", "DISPLAY", "WINDOWID", "NO_COLOR", "INVOCATION_ID",
        "JOURNAL_STREAM", "XDG_RUNTIME_DIR",
    ];

    private static readonly string[] TerminalPrefixes = ["TERM_", "TMUX", "SSH_", "XDG_SESSION_", "WT_", "VSCODE_"];

    /// <summary>Returns a digest of the context.</summary>
    /// <param name="build">The build, whose program counts.</param>
    /// <param name="sdk">The version of the .NET SDK.</param>
    /// <param name="environment">The environment variables. Those of terminals and shells do not count.</param>
    /// <param name="parts">More that decides, in a fixed order.</param>
    public static string Digest(
        INukeBuild build, string sdk, IReadOnlyDictionary<string, string> environment, IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts.Prepend(sdk)
            .Append(build.GetType().Module.ModuleVersionId.ToString())
            .Append(typeof(PublishContext).Module.ModuleVersionId.ToString())
            .Concat(Describe(environment)))
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}\n");
        return Gantry.Oci.Digest.Of(Encoding.UTF8.GetBytes(text.ToString())).ToString();
    }

    /// <summary>Describes the settings of a tool: every property, with its values.</summary>
    public static string Describe(ToolOptions settings) => string.Join('\n', settings.GetType()
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => property.GetIndexParameters().Length == 0 && !typeof(Delegate).IsAssignableFrom(property.PropertyType))
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => $"{property.Name}={Text(property.GetValue(settings))}"));

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, string> environment) => environment
        .Where(variable => !IsOfTerminal(variable.Key))
        .OrderBy(variable => variable.Key, StringComparer.Ordinal)
        .Select(variable => $"{variable.Key}={variable.Value}");

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, string> variables => string.Join(';', Describe(variables)),
        IEnumerable values => string.Join(';', values.Cast<object>().Select(Text).Order(StringComparer.Ordinal)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool IsOfTerminal(string variable) =>
        TerminalVariables.Contains(variable) || TerminalPrefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal));
}
