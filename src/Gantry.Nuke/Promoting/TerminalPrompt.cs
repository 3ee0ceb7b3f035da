using Gantry.Nuke.Execution;
using Gantry.Promotion.Runs;

namespace Gantry.Nuke.Promoting;

/// <summary>Asks at the terminal of a person: not on a build server, and not when input or output is redirected.</summary>
internal sealed class TerminalPrompt(INukeBuild build) : IConfirmationPrompt
{
    public bool IsInteractive => IsPersonal && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>True on the machine of a person; false on a build server.</summary>
    public bool IsPersonal => build.IsLocalBuild && !EnvironmentInfo.Variables.ContainsKey("CI");

    public async Task<bool> ConfirmAsync(IReadOnlyList<string> consequences, string question, CancellationToken cancellationToken)
    {
        foreach (var consequence in consequences)
            BuildOutput.Out.WriteLine(consequence);
        BuildOutput.Out.Write($"{question} Type 'yes' to continue: ");
        try
        {
            // A read from the terminal cannot be cancelled. After an interruption it is abandoned, and ends with the program.
            var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            return answer == "yes";
        }
        catch (OperationCanceledException)
        {
            BuildOutput.Out.WriteLine();
            throw;
        }
    }
}
