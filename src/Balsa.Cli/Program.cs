using Balsa.Cli.CommandLine;

return BalsaProgram.Run(args, Console.Out, Console.Error);
