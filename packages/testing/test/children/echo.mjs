process.stdout.write(`${process.argv[2]}\n`);
process.stdin.pipe(process.stdout);
