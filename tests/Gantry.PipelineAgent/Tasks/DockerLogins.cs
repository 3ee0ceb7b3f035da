using System.Text;
using System.Text.Json.Nodes;

namespace Gantry.PipelineAgent.Tasks;

/// <summary>
/// The commands <c>login</c> and <c>logout</c> of <c>Docker@2</c>: a Docker configuration in the temporary folder of the job, which
/// <c>DOCKER_CONFIG</c> names for the steps that follow. The last logout removes both.
/// </summary>
internal static class DockerLogins
{
    private const string Variable = "DOCKER_CONFIG";

    public static void Run(StepContext step)
    {
        var name = step.Required("containerRegistry");
        var connection = step.Run.Options.RegistryConnections.GetValueOrDefault(name)
            ?? throw new PipelineException($"There is no service connection '{name}' for a Docker registry.");
        var folder = Path.Combine(step.Workspace, "_temp", "docker_config");
        var file = Path.Combine(folder, "config.json");
        var config = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : new JsonObject
        {
            ["auths"] = new JsonObject(),
            ["HttpHeaders"] = new JsonObject { ["X-Meta-Source-Client"] = "VSTS" },
        };
        var logins = config["auths"]!.AsObject();
        switch (step.Required("command"))
        {
            case "login":
                logins[connection.Url] = new JsonObject
                {
                    ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{connection.User}:{connection.Password}")),
                    ["email"] = "",
                };
                break;
            case "logout":
                logins.Remove(connection.Url);
                break;
            case var other:
                throw new PipelineException($"the command '{other}' of Docker@2 is not known here");
        }

        if (logins.Count == 0)
        {
            File.Delete(file);
            step.Set(Variable, "");
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(file, config.ToJsonString());
        step.Set(Variable, folder);
    }
}
