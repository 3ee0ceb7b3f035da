namespace Gantry.Testing;

/// <summary>Compares an output with the file in the repository that shows it, whole.</summary>
public static class GoldenFile
{
    /// <summary>Returns null when the output is that of the file; otherwise the path to what was received, beside it.</summary>
    /// <param name="path">The path of the file, relative to the root of the repository.</param>
    /// <param name="output">The output.</param>
    public static string? FindDifference(string path, string output)
    {
        var file = Path.Combine(RepositoryFiles.Root, path);
        var received = Path.ChangeExtension(file, ".received" + Path.GetExtension(file));
        var text = string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
        if (File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text)
        {
            File.Delete(received);
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(received, text);
        return $"{path} differs from {received}";
    }
}
