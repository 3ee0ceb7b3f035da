using System.Diagnostics;
using System.Net;
using System.Text;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

/// <summary>What <c>--plan</c> shows: a page with all targets, in which the ones that would be executed stand out.</summary>
internal static class ExecutionPlanPage
{
    public static void Show(NukeBuild build)
    {
        var file = NukeBuild.TemporaryDirectory / "execution-plan.html";
        file.WriteAllText(Create(build));
        Host.Information($"Execution plan: {file}");

        // A browser is for a person who sits in front of it.
        if (NukeBuild.IsLocalBuild && !Console.IsInputRedirected && !Console.IsOutputRedirected)
            Open(file);
    }

    public static string Create(NukeBuild build)
    {
        var rows = build.ExecutionPlan.Concat(build.ExecutableTargets.Where(x => x.Listed).Except(build.ExecutionPlan)).ToList();
        var page = new StringBuilder("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Execution plan</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #222; background: #fff; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .35rem .75rem; border-bottom: 1px solid #ddd; vertical-align: top; }
            td:first-child { text-align: right; color: #777; }
            tr.other { color: #888; }
            .planned { font-weight: 600; }
            @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b; } th, td { border-color: #444; } }
            </style>
            </head>
            <body>
            <h1>Execution plan</h1>
            <table>
            <tr><th></th><th>Target</th><th>Depends on</th><th>After</th><th>Triggered by</th><th>Description</th></tr>

            """);
        foreach (var (index, target) in rows.Index())
        {
            var isPlanned = index < build.ExecutionPlan.Count;
            page.Append(isPlanned ? "<tr>" : "<tr class=\"other\">")
                .Append("<td>").Append(isPlanned ? index + 1 : null).Append("</td>")
                .Append(isPlanned ? "<td class=\"planned\">" : "<td>").Append(Escape(target.Name)).Append("</td>")
                .Append("<td>").Append(Names(target.ExecutionDependencies)).Append("</td>")
                .Append("<td>").Append(Names(target.OrderDependencies)).Append("</td>")
                .Append("<td>").Append(Names(target.TriggerDependencies)).Append("</td>")
                .Append("<td>").Append(Escape(target.Description)).AppendLine("</td></tr>");
        }

        return page.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static string Names(IEnumerable<ExecutableTarget> targets) => Escape(targets.Select(x => x.Name).JoinCommaSpace());

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static void Open(AbsolutePath file)
    {
        try
        {
            Process.Start(new ProcessStartInfo(file) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            // No browser: the path is on the screen.
        }
    }
}
