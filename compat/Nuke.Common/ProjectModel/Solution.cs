using Microsoft.VisualStudio.SolutionPersistence.Model;
using Microsoft.VisualStudio.SolutionPersistence.Serializer;
using Nuke.Common; // Fallout has this file in a namespace that is not below it.
using Nuke.Common.IO;

namespace Nuke.Common.ProjectModel;

/// <summary>A solution file, classic or XML.</summary>
public class Solution : IProjectContainer, IAbsolutePathHolder
{
    private readonly SolutionModel _model;
    private readonly Dictionary<SolutionItemModel, SolutionItem> _items = [];

    // Models are not public here: NUKE has them from Microsoft's package, Fallout from a copy of its own.
    internal Solution(SolutionModel model, AbsolutePath path) => (_model, Path) = (model, path);

    public AbsolutePath Path { get; set; }
    public AbsolutePath Directory => Path?.Parent;
    public string Name => Path?.NameWithoutExtension;
    public string FileName => Path?.Name;

    public IReadOnlyCollection<Project> AllProjects => _model.SolutionProjects.Select(x => (Project)ItemOf(x)).ToList();
    public IReadOnlyCollection<SolutionFolder> AllSolutionFolders => _model.SolutionFolders.Select(x => (SolutionFolder)ItemOf(x)).ToList();
    public IReadOnlyCollection<Project> Projects => AllProjects.Where(x => x.Parent == this).ToList();
    public IReadOnlyCollection<SolutionFolder> SolutionFolders => AllSolutionFolders.Where(x => x.Parent == this).ToList();
    IProjectContainer IProjectContainer.Parent => null;

    public static implicit operator string(Solution solution) => solution.Path;
    public static implicit operator AbsolutePath(Solution solution) => solution.Path;

    /// <param name="wildcardPattern">A project's name, in which <c>*</c> stands for any text.</param>
    public IEnumerable<Project> GetAllProjects(string wildcardPattern)
        => AllProjects.Where(x => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(wildcardPattern, x.Name, ignoreCase: false));

    // The same item is always the same object, so that items can be compared.
    internal SolutionItem ItemOf(SolutionItemModel item)
    {
        lock (_items)
        {
            if (_items.TryGetValue(item, out var known))
                return known;
            return _items[item] = item switch
            {
                SolutionProjectModel project => new Project(project, this),
                SolutionFolderModel folder => new SolutionFolder(folder, this),
                _ => throw new NotSupportedException(item.GetType().Name)
            };
        }
    }
}

public interface IProjectContainer
{
    IProjectContainer Parent { get; }
    IReadOnlyCollection<Project> Projects { get; }
    IReadOnlyCollection<SolutionFolder> SolutionFolders { get; }
}

public class SolutionItem
{
    private readonly SolutionItemModel _model;

    internal SolutionItem(SolutionItemModel model, Solution solution) => (_model, Solution) = (model, solution);

    public string Name => _model.ActualDisplayName;
    public Solution Solution { get; }
    public IProjectContainer Parent => _model.Parent is { } parent ? (SolutionFolder)Solution.ItemOf(parent) : Solution;

    public override string ToString() => Name;
}

public class SolutionFolder : SolutionItem, IProjectContainer
{
    internal SolutionFolder(SolutionFolderModel model, Solution solution)
        : base(model, solution)
    {
    }

    public IReadOnlyCollection<Project> Projects => Solution.AllProjects.Where(x => x.Parent == this).ToList();
    public IReadOnlyCollection<SolutionFolder> SolutionFolders => Solution.AllSolutionFolders.Where(x => x.Parent == this).ToList();
}

public class Project : SolutionItem, IAbsolutePathHolder
{
    private readonly SolutionProjectModel _model;

    internal Project(SolutionProjectModel model, Solution solution)
        : base(model, solution) => _model = model;

    public AbsolutePath Path => Solution.Directory / RelativePath;
    public AbsolutePath Directory => Path.Parent;
    public string FileName => Path.Name;
    public string RelativePath => _model.FilePath;

    public static implicit operator string(Project project) => project.Path;
    public static implicit operator AbsolutePath(Project project) => project.Path;
}

public static class ProjectContainerExtensions
{
    public static Project GetProject(this IProjectContainer container, string name)
        => container.Projects.SingleOrDefault(x => x.Name == name);

    public static SolutionFolder GetSolutionFolder(this IProjectContainer container, string name)
        => container.SolutionFolders.SingleOrDefault(x => x.Name == name);
}

public static class SolutionModelExtensions
{
    public static Solution ReadSolution(this AbsolutePath path)
    {
        Assert.FileExists(path, $"Solution file '{path}' does not exist");
        var serializer = SolutionSerializers.GetSerializerByMoniker(path).NotNull($"File '{path}' is no solution");
        // Nothing that calls this is asynchronous, in NUKE neither.
        return new Solution(serializer.OpenAsync(path, CancellationToken.None).GetAwaiter().GetResult(), path);
    }
}
