namespace Gantry.Nuke.Promoting;

/// <summary>Asks at the terminal, when a person sits at one: neither on a build server nor where input or output lead elsewhere.</summary>
internal sealed class TerminalPrompt(INukeBuild build) : IConfirmationPrompt
{
    public bool IsInteractive =>
        build.IsLocalBuild && !Console.IsInputRedirected && !Console.IsOutputRedirected && !EnvironmentInfo.Variables.ContainsKey("CI");

    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        Console.Write($"{question} Type 'yes' to go on: ");
        try
        {
            // Nothing can end the read of a terminal. Interrupted, it is left behind, and ends with the program.
            var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            return answer?.Trim().ToUpperInvariant() is "YES" or "Y";
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine();
            throw;
        }
    }
}
