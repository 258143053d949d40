using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class FileTests
{
    [Fact]
    public void Every_file_keeps_within_its_lines() => Finding.AssertNone(Repository.Sources.SelectMany(FileRules.Lines));

    [Fact]
    public void Half_of_the_product_files_have_at_most_sixty_lines()
    {
        var lengths = Repository.Product.Select(source => source.Text.TrimEnd('\n').Split('\n').Length).Order().ToArray();
        Assert.True(lengths.Length == 0 || lengths[lengths.Length / 2] <= 60, $"the median is {lengths[lengths.Length / 2]} lines; smaller files, please");
    }

    [Fact]
    public void No_file_lies_more_than_two_folders_deep() => Finding.AssertNone(Repository.Sources.SelectMany(FileRules.Depth));

    [Fact]
    public void No_file_has_a_region() => Finding.AssertNone(Repository.Sources.SelectMany(FileRules.Regions));

    [Fact]
    public void Nothing_is_left_open_in_a_comment() => Finding.AssertNone(Repository.Sources.SelectMany(FileRules.LeftOpen));

    [Theory]
    [InlineData(FileRules.MaxLines, 0)]
    [InlineData(FileRules.MaxLines + 1, 1)]
    public void A_file_over_its_lines_is_found(int lines, int expected) =>
        Assert.Equal(expected, FileRules.Lines(Sample.Of(string.Concat(Enumerable.Repeat("//\n", lines)))).Count());

    [Theory]
    [InlineData("src/Perennial.Hub/Devices/Device.cs", 0)]
    [InlineData("src/Perennial.Hub/Devices/Keys/Device.cs", 0)]
    [InlineData("src/Perennial.Hub/Devices/Keys/Old/Device.cs", 1)]
    public void A_file_too_deep_is_found(string path, int expected) =>
        Assert.Equal(expected, FileRules.Depth(SourceFile.Parse(path, "")).Count());

    [Fact]
    public void A_region_is_found() =>
        Assert.Equal(2, Assert.Single(FileRules.Regions(Sample.Of("class A {\n#region x\n#endregion\n}"))).Line);

    [Theory]
    [InlineData("// TO" + "DO later", 1)]
    [InlineData("/* FIX" + "ME */", 1)]
    [InlineData("// done", 0)]
    public void An_open_end_is_found(string text, int expected) =>
        Assert.Equal(expected, FileRules.LeftOpen(Sample.Of(text)).Count());
}
