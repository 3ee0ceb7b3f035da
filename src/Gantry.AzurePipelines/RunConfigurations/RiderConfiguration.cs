using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>A run configuration of Rider and IntelliJ, in a file of its own.</summary>
internal static class RiderConfiguration
{
    /// <summary>The folder of configuration files.</summary>
    public const string Folder = ".run";

    // Rider shows configurations by group. The generator's configurations are in this group.
    private const string Group = "build";
    private const string ConfigurationType = "DotNetProject";
    private const string Parameters = "PROGRAM_PARAMETERS";
    private const string Root = "$PROJECT_DIR$";

    /// <summary>
    /// True for a configuration that the generator created for a current or former target. A copy that a person made of one has another
    /// name or more arguments. Configurations that a declaration adds cannot be distinguished from those of people, so such files are kept.
    /// </summary>
    public static bool IsGenerated(string path, string content)
    {
        try
        {
            return XElement.Parse(content).Element("configuration") is { } configuration
                && (string?)configuration.Attribute("folderName") == Group
                && (string?)configuration.Attribute("type") == ConfigurationType
                && (string?)configuration.Attribute("name") is { } name
                && path == PathOf(name)
                && configuration
                    .Elements("option")
                    .Where(option => (string?)option.Attribute("name") == Parameters)
                    .Select(option => (string?)option.Attribute("value"))
                    .ToList() is [{ } line]
                && IsOfTarget(name, line.Split(' '));
        }
        catch (XmlException)
        {
            return false;
        }
    }

    public static GeneratedFile Create(RunConfigurationSet set, RunTarget target)
    {
        (string Name, string Value)[] options =
        [
            ("EXE_PATH", $"{Root}/{set.BuildProgram}"),
            (Parameters, CommandLineArguments.Join(RunConfigurationGenerator.ArgumentsOf(target))),
            ("WORKING_DIRECTORY", Root),
            ("PASS_PARENT_ENVS", "1"),
            ("USE_EXTERNAL_CONSOLE", "0"),
            ("USE_MONO", "0"),
            ("RUNTIME_ARGUMENTS", ""),
            ("PROJECT_PATH", $"{Root}/{set.BuildProject}"),
            ("PROJECT_EXE_PATH_TRACKING", "1"),
            ("PROJECT_ARGUMENTS_TRACKING", "0"),
            ("PROJECT_WORKING_DIRECTORY_TRACKING", "0"),
            ("PROJECT_KIND", "DotNetCore"),
            ("PROJECT_TFM", set.Framework),
        ];
        var document = new XElement(
            "component",
            new XAttribute("name", "ProjectRunConfigurationManager"),
            new XElement(
                "configuration",
                new XAttribute("default", "false"),
                new XAttribute("name", target.Name),
                new XAttribute("type", ConfigurationType),
                new XAttribute("factoryName", ".NET Project"),
                new XAttribute("folderName", Group),
                options.Select(option =>
                    new XElement("option", new XAttribute("name", option.Name), new XAttribute("value", option.Value))),
                new XElement("method", new XAttribute("v", "2"), new XElement("option", new XAttribute("name", "Build")))));
        return new(PathOf(target.Name), Write(document));
    }

    private static bool IsOfTarget(string target, string[] line) => line[0] == target && line[1..] is [] or ["--profile", _];

    private static string PathOf(string target) => $"{Folder}/{target}.run.xml";

    private static string Write(XElement document)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(
            text, new XmlWriterSettings { Indent = true, IndentChars = "  ", NewLineChars = "\n", OmitXmlDeclaration = true }))
            document.Save(writer);
        return text.Append('\n').ToString();
    }
}
