using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>A run configuration of Rider and IntelliJ, in a file of its own.</summary>
internal static class RiderConfiguration
{
    /// <summary>The folder of configuration files.</summary>
    public const string Folder = ".run";

    // Rider shows configurations by group. This one is the generator's.
    private const string Group = "build";
    private const string Root = "$PROJECT_DIR$";

    /// <summary>Whether a file is a configuration that the generator made, for a target that there is or that there was.</summary>
    public static bool IsGenerated(string content)
    {
        try
        {
            return (string?)XElement.Parse(content).Element("configuration")?.Attribute("folderName") == Group;
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
            ("PROGRAM_PARAMETERS", CommandLineText.Join(RunConfigurationGenerator.ArgumentsOf(target))),
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
                new XAttribute("type", "DotNetProject"),
                new XAttribute("factoryName", ".NET Project"),
                new XAttribute("folderName", Group),
                options.Select(option => new XElement("option", new XAttribute("name", option.Name), new XAttribute("value", option.Value))),
                new XElement("method", new XAttribute("v", "2"), new XElement("option", new XAttribute("name", "Build")))));
        return new($"{Folder}/{target.Name}.run.xml", Write(document));
    }

    private static string Write(XElement document)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, IndentChars = "  ", NewLineChars = "\n", OmitXmlDeclaration = true }))
            document.Save(writer);
        return text.Append('\n').ToString();
    }
}
