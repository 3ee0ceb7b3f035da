using System.Reflection;
using System.Text;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>What <c>--help</c> says.</summary>
internal sealed class HelpText(NukeBuild build)
{
    private const int MaximumWidth = 90;

    public string Targets()
    {
        var width = Math.Max(build.ExecutableTargets.Select(x => x.Name.Length).DefaultIfEmpty().Max(), 20);
        var text = new StringBuilder().AppendLine("Targets (with their direct dependencies):").AppendLine();
        foreach (var target in build.ExecutableTargets.Where(x => x.Listed))
        {
            var dependencies = target.ExecutionDependencies.Count > 0
                ? $" -> {target.ExecutionDependencies.Select(x => x.Name).JoinCommaSpace()}"
                : string.Empty;
            text.AppendLine($"  {(target.Name + (target.IsDefault ? " (default)" : string.Empty)).PadRight(width)}{dependencies}");
            if (!string.IsNullOrWhiteSpace(target.Description))
                text.AppendLine($"    {target.Description}");
        }

        return text.ToString();
    }

    public string Parameters()
    {
        var parameters = InjectionMembers.ParametersOf(build.GetType(), includeUnlisted: false).ToList();
        var width = Math.Max(parameters.Max(x => ParameterService.GetDashedName(x).Length), 16);
        var text = new StringBuilder().AppendLine("Parameters:").AppendLine();

        var own = parameters.Where(x => x.DeclaringType != typeof(NukeBuild)).ToList();
        own.ForEach(Append);
        if (own.Count > 0)
            text.AppendLine();
        parameters.Except(own).ToList().ForEach(Append);
        return text.ToString();

        void Append(MemberInfo parameter)
        {
            var lines = Wrap(Describe(parameter), width + 6);
            text.AppendLine($"  --{ParameterService.GetDashedName(parameter).PadRight(width)}  {lines[0]}");
            foreach (var line in lines.Skip(1))
                text.AppendLine($"{' '.Repeat(width + 6)}{line}");
        }
    }

    private string Describe(MemberInfo parameter)
    {
        if (ParameterService.GetDescription(parameter) is not { } description)
            return "<no description>";

        var defaultTargets = build.ExecutableTargets.Where(x => x.IsDefault).Select(x => x.Name).ToList();
        return description.Replace("{default_target}", defaultTargets.Count > 0 ? defaultTargets.JoinCommaSpace() : "<none>") + ".";
    }

    private static List<string> Wrap(string text, int indentation)
    {
        var width = Math.Min(BufferWidth - 1, MaximumWidth);
        var lines = new List<string> { string.Empty };
        foreach (var word in text.Split(' '))
        {
            if (indentation + lines[^1].Length + word.Length > width && lines[^1].Length > 0)
                lines.Add(string.Empty);
            lines[^1] += $" {word}";
        }

        return lines;
    }

    // Without a terminal there is no width.
    private static int BufferWidth
    {
        get
        {
            try
            {
                return Console.BufferWidth is > 40 and var width ? width : 80;
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }
}
