using System.Text;
using Gantry.Images;

namespace Gantry.Docker.Building;

/// <summary>
/// Passes the progress of a BuildKit build to the log. Steps run side by side, so each line carries the number of its step.
/// </summary>
internal sealed class BuildKitProgress(IBuildLog log)
{
    private readonly Dictionary<string, Step> _steps = new(StringComparer.Ordinal);
    private Step? _failed;

    /// <summary>The output of the step that failed; empty when no step failed.</summary>
    public BuildOutput Failed => _failed?.Output ?? new BuildOutput(log);

    /// <summary>Reports a progress message.</summary>
    public void Report(BuildKitTrace trace)
    {
        foreach (var vertex in trace.Vertexes)
            Report(vertex);
        foreach (var output in trace.Outputs)
        {
            if (_steps.TryGetValue(output.Vertex, out var step))
                step.Write(output.Text);
        }
    }

    /// <summary>Logs the last line of each step when it has no line break.</summary>
    public void Flush()
    {
        foreach (var step in _steps.Values)
            step.Output.Flush();
    }

    private void Report(BuildKitVertex vertex)
    {
        if (!_steps.TryGetValue(vertex.Digest, out var step))
        {
            step = new Step(new BuildOutput(log, $"#{_steps.Count + 1} "));
            _steps.Add(vertex.Digest, step);
        }

        if ((vertex.IsStarted || vertex.IsCached) && step.Output.Step is null)
        {
            step.Output.WriteMessage(vertex.Name + (vertex.IsCached ? " (cached)" : ""));
            step.Output.BeginStep($"'{vertex.Name}'");
        }

        if (vertex.Error is not null)
            _failed ??= step;
    }

    private sealed class Step(BuildOutput output)
    {
        // Keeps the first bytes of a character until the rest of it arrives.
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public BuildOutput Output { get; } = output;

        public void Write(byte[] bytes)
        {
            var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
            Output.Write(new string(characters, 0, _decoder.GetChars(bytes, characters, flush: false)));
        }
    }
}
