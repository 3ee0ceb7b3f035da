using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

/// <summary>Asks a person for a missing parameter; nobody is asked where nobody can answer.</summary>
internal static class ParameterPrompt
{
    public static bool IsPossible(NukeBuild build)
        => NukeBuild.Host is Terminal && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public static void Ask(NukeBuild build, MemberInfo member)
    {
        if (member is PropertyInfo { CanWrite: false })
            return;

        var values = ParameterService.GetValueSet(member, build);
        var choice = values == null ? string.Empty : $" ({values.JoinCommaSpace()})";
        Console.Write($"{ParameterService.GetDescription(member) ?? ParameterService.GetMemberName(member)}{choice}: ");

        var answer = member.HasCustomAttribute<SecretAttribute>() ? ReadSecret() : Console.ReadLine();
        if (!string.IsNullOrWhiteSpace(answer))
            member.SetValue(build, ReflectionUtility.Convert(answer.Trim(), member.GetMemberType()));
    }

    private static string ReadSecret()
    {
        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
                text.Append(key.KeyChar);
            else if (text.Length > 0)
                text.Length--;
        }

        Console.WriteLine();
        return text.ToString();
    }
}
