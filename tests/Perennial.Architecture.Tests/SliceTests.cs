using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace Perennial.Architecture.Tests;

public sealed class SliceTests
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static TheoryData<string> Projects => [.. Repository.Projects.Where(project => project.IsProduct).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_form_no_cycle(string name) =>
        Finding.AssertNone(Cycles(Load(Repository.Projects.Single(project => project.Name == name)), name));

    [Fact]
    public void A_cycle_is_found()
    {
        var architecture = new ArchLoader().LoadAssembly(typeof(SliceTests).Assembly).Build();
        Assert.Single(Cycles(architecture, "Perennial.Architecture.Tests.Cyclic"));
        Assert.Empty(Cycles(architecture, "Perennial.Architecture.Tests"));
    }

    private static IEnumerable<Finding> Cycles(ArchUnitNET.Domain.Architecture architecture, string project)
    {
        var folders = new SliceRuleCreator();
        folders.SetSliceAssignment(new SliceAssignment(type => FolderOf(type, project), "the folders"));
        return from result in new GivenSlices(folders).Should().BeFreeOfCycles().Evaluate(architecture)
               where !result.Passed
               select new Finding(project, 0, result.Description, "move the type that both need into the folder that owns it");
    }

    /// <summary>The first folder below the project; a type beside the project file belongs to no slice.</summary>
    private static SliceIdentifier FolderOf(IType type, string project) =>
        type.Namespace is { FullName: { } name } && name.StartsWith(project + ".", StringComparison.Ordinal)
            ? SliceIdentifier.Of(name[(project.Length + 1)..].Split('.')[0])
            : SliceIdentifier.Ignore();

    private static ArchUnitNET.Domain.Architecture Load(ProjectFile project)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "bin", project.Name, Configuration);
        return new ArchLoader().LoadFilteredDirectory(folder, $"{project.AssemblyName}.dll", SearchOption.TopDirectoryOnly).Build();
    }
}
